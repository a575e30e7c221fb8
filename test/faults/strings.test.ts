import { deepEqual, ok } from 'node:assert/strict';
import type { AnyValue } from '@opentelemetry/api-logs';
import { fingerprint } from '../../src/classify/fingerprint.js';
import type { ReadableLogRecord } from '../../src/record/otel.js';
import { readRecord } from '../../src/record/read-record.js';
import { render } from '../../src/render/layouts.js';
import { fault } from '../support/faults.js';
import { desk } from '../support/groups.js';
import { ERROR, record } from '../support/records.js';
import { recordsShown } from '../support/slack.js';
import { word } from '../support/words.js';

const LENGTH = 100_000;
const MAX_MILLIS = 10;
/** The best of several rounds counts, because other processes use the CPU too. */
const REPEATS = 40;

/** Texts that make patterns backtrack: those for e-mail, URLs, numbers, dates, stacks, JSON, markup and secrets. */
const UNITS: readonly string[] = [
  ...[
    'a',
    'a.',
    'a@',
    '@',
    'a@a.',
    '1',
    '1.',
    '1-',
    ':',
    '::',
    '/',
    '//',
    '/a',
    '\\',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '-',
    '_',
  ],
  ...['http://', 'https://a', 'a://b@', '://', 'user:pass@', '?a=b&', '%20', '#', '=', 'a=', 'a=b ', 'token=', 'pin:'],
  ...['2026-01-01T', '0x', 'deadbeef', 'aB3', '4111 1111 ', '127.0.0.1', '{', '{"a":', '[', '"', "'", '`', '\\"'],
  ...['at ', '    at ', '\n    at a (', 'at a (b:1:1)\n', 'node_modules/', 'Error: ', 'Caused by: ', '[cause]: '],
  ...[
    '<',
    '<!here>',
    '<a ',
    '&',
    '&amp;',
    '*',
    '~',
    'eyJ',
    'eyJaaaa.',
    'Bearer ',
    'AKIA',
    '-----BEGIN ',
    'sk-',
    'xoxb-',
  ],
  ...['\u0301', '\ud83d', '👩\u200d', '\u202e', '\u200b', '\u001b[31m', '\u0000', 'ß', '漢'],
];

const long = (unit: string): string => unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);

const exceptionOf = (text: string): Record<string, string> => ({
  'exception.type': text,
  'exception.message': text,
  'exception.stacktrace': `Error: ${text}\n    at f (/app/${text}.js:1:1)\n${text}`,
});

const attributesOf = (entry: (at: number) => [string, string]): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 64 }, (_, at) => entry(at)));

const leavesOf = (text: string): AnyValue =>
  Array.from({ length: 50 }, () => Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, text])));

/** Records with the text in different fields. */
const RECORDS: Readonly<Record<string, (text: string) => ReadableLogRecord>> = {
  'a text': (text) => record({ body: text }),
  'a structured body': (text) =>
    record({ body: { msg: text, [text]: [text, { note: text }], deep: { a: { b: text } } } }),
  'a structured body of many texts': (text) => record({ body: leavesOf(text.slice(0, 5_000)) }),
  'a structured body with names as long': (text) =>
    record({
      body: {
        a: attributesOf((at) => [`k${at}${text.slice(0, 20_000)}`, '']),
        b: attributesOf((at) => [`${at}${text.slice(0, 20_000)}`, '']),
      },
    }),
  'an exception': (text) => record({ body: text, attributes: exceptionOf(text) }),
  'an event': (text) => record({ eventName: text, body: text }),
  'as many attributes as are kept': (text) => record({ attributes: attributesOf((at) => [`k${at}`, `${at}${text}`]) }),
  'attributes with names as long': (text) =>
    record({ attributes: attributesOf((at) => [`k${at}${text.slice(0, 20_000)}`, text.slice(0, 2_000)]) }),
  'every field': (text) =>
    record({
      body: text,
      severityText: text,
      attributes: { ...exceptionOf(text), 'url.path': text, 'user.id': text, [text]: text, nested: { [text]: [text] } },
      instrumentationScope: { name: text, version: text },
    }),
};

/** Runs every step of a record, from `export()` to the message. */
function work(full: ReadableLogRecord): void {
  const view = readRecord(full);
  const { box, say } = desk();
  box.fold(view, fingerprint(view));
  render(say(), { traceUrl: undefined, attributes: ['*'] });
}

/** Returns the CPU time of this process for `run`, in milliseconds. */
function cpuMillis(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

describe('strings that are hard for patterns', function () {
  // Processes many records, which takes long on a busy machine.
  this.timeout(60_000);

  for (const [where, recordOf] of Object.entries(RECORDS)) {
    it(`take at most ${MAX_MILLIS} ms of CPU time for each record: ${where}`, () => {
      const slow: string[] = [];
      for (const unit of UNITS) {
        let best = Number.POSITIVE_INFINITY;
        for (let at = 0; at < REPEATS && best > MAX_MILLIS; at++) {
          // Another text each time, because results are cached by text.
          const full = recordOf(`${word(at)} ${long(unit)}`);
          best = Math.min(
            best,
            cpuMillis(() => work(full)),
          );
        }
        if (best > MAX_MILLIS) slow.push(`${JSON.stringify(unit)}: ${best} ms`);
      }
      deepEqual(slow, []);
    });
  }

  fault('all at once: every record is counted and shown', async (world) => {
    const app = world.app({ attributes: ['*'] });
    for (const unit of UNITS)
      app.logger.emit({ severityNumber: ERROR, body: long(unit), attributes: { note: long(unit) } });
    await world.over(app.provider.shutdown());
    deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [UNITS.length, {}]);
    ok(recordsShown(world.inbox) >= UNITS.length);
  });
});
