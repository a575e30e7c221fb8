import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { inSlices } from '../../src/util/time-slicing.js';
import { record } from '../support/records.js';
import { eachTest, isolated, recordsShown } from '../support/slack.js';
import { word } from '../support/words.js';

/** A clock that advances at each read. */
function busyClock(millisALook: number) {
  let now = 0;
  return {
    monotonic() {
      now += millisALook;
      return now;
    },
  };
}

describe('slices', () => {
  const items = Array.from({ length: 100 }, (_, at) => at);

  it('are a single synchronous one when there is little work', () => {
    const seen: number[] = [];
    equal(
      inSlices(items, { monotonic: () => 0 }, (chunk) => seen.push(...chunk)),
      undefined,
    );
    deepEqual(seen, items);
  });

  it('return to the event loop after a few milliseconds, and continue in order', async () => {
    const seen: (number | string)[] = [];
    const rest = inSlices(items, busyClock(3), (chunk) => seen.push(...chunk));
    ok(rest !== undefined);
    ok(seen.length < 40, `${seen.length} at once`);
    setImmediate(() => seen.push('the app'));
    await rest.done;
    const turn = seen.indexOf('the app');
    ok(turn > 0 && turn < 80, `the app had its turn after ${turn}`);
    deepEqual(
      seen.filter((item) => item !== 'the app'),
      items,
    );
  });

  it('read the clock after each item when the items are slow', () => {
    const chunks: number[] = [];
    void inSlices(items, busyClock(1), (chunk) => chunks.push(chunk.length));
    deepEqual(chunks, [8, 1, 1]);
  });

  it('of many callers run one in each turn of the event loop, and every caller gets its turn', async () => {
    const seen: string[] = [];
    const names = ['a', 'b', 'c'];
    const rests = names.map((name) => inSlices(items.slice(0, 40), busyClock(3), () => seen.push(name)));
    seen.length = 0;
    let isOver = false;
    const turn = (): void => {
      seen.push('|');
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await Promise.all(rests.map((rest) => rest?.done));
    isOver = true;
    const turns = seen.join('').split('|');
    deepEqual(new Set(turns.map((slices) => slices.length)), new Set([0, 1]));
    match(turns.join(''), /^(abc)+$/);
  });

  it('are completed synchronously by finish(), each item once', async () => {
    const seen: number[] = [];
    const rest = inSlices(items, busyClock(3), (chunk) => seen.push(...chunk));
    rest?.finish();
    deepEqual(seen, items);
    rest?.finish();
    await rest?.done;
    deepEqual(seen, items);
  });

  it('do nothing without items', () => {
    equal(
      inSlices([], busyClock(9), () => {}),
      undefined,
    );
  });
});

describe('a batch that takes long', () => {
  const { open } = eachTest();

  it('is folded in slices; flush and shutdown wait for all of it, and its callback runs afterwards', async () => {
    const inbox = await open.inbox();
    const exporter = open.ending(new SlackLogRecordExporter({ webhookUrl: inbox.webhookUrl }, isolated()));
    const records = Array.from({ length: 20_000 }, (_, at) =>
      record({ body: `problem ${word(at % 5)} ${'x'.repeat(200)}` }),
    );
    const codes: number[] = [];
    exporter.export(records, ({ code }) => codes.push(code));
    const atOnce = exporter.stats().accepted;
    await exporter.forceFlush();
    deepEqual(codes, [0]);
    equal(exporter.stats().accepted, 20_000);
    ok(atOnce < 20_000, 'the machine was not too fast for this test');
    await exporter.shutdown();
    equal(recordsShown(inbox), 20_000);
  });

  it('is accepted as a whole, as are later batches, when reading one of its records throws', async () => {
    const inbox = await open.inbox();
    const exporter = open.ending(new SlackLogRecordExporter({ webhookUrl: inbox.webhookUrl }, isolated()));
    const records = Array.from({ length: 20_000 }, () => record({ body: `problem ${'x'.repeat(200)}` }));
    const throwing = record();
    Object.defineProperty(throwing, 'resource', {
      get() {
        throw new Error('poison');
      },
    });
    // Also the last record, because its resource is the one that the exporter remembers.
    records.splice(10_000, 8, ...Array.from({ length: 8 }, () => throwing));
    records.push(throwing);
    const codes: number[] = [];
    exporter.export(records, ({ code }) => codes.push(code));
    await exporter.forceFlush();
    exporter.export([throwing], ({ code }) => codes.push(code));
    await exporter.shutdown();
    deepEqual(codes, [0, 0]);
    equal(recordsShown(inbox), 20_002);
  });

  it('causes no error when its callback throws', async () => {
    const exporter = open.ending(new SlackLogRecordExporter({}, isolated()));
    const throwing = (): void => {
      throw new Error('a callback that throws');
    };
    const inbox = await open.inbox();
    const slack = open.ending(new SlackLogRecordExporter({ webhookUrl: inbox.webhookUrl }, isolated()));
    const records = Array.from({ length: 20_000 }, (_, at) =>
      record({ body: `problem ${word(at % 5)} ${'x'.repeat(200)}` }),
    );
    slack.export(records, throwing);
    await slack.forceFlush();
    equal(slack.stats().accepted, 20_000);
    equal(exporter.stats().accepted, 0);
  });
});
