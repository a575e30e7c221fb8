import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportResultCode } from '@opentelemetry/core';
import type { SlackExporterOptions } from '../../src/config/options.js';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { NotificationLog } from '../../src/pipeline/notification-log.js';
import { Spooler } from '../../src/pipeline/spooler.js';
import type { Overrides } from '../../src/setup.js';
import { systemClock } from '../../src/util/clock.js';
import { manualClock } from '../support/clock.js';
import { fakeSpool } from '../support/fake-spool.js';
import { record } from '../support/records.js';
import { eachTest, isolated, recordsShown, texts } from '../support/slack.js';

const DOWN = [{ kind: 'status', status: 503 }] as const;
const codeOf = (exporter: SlackLogRecordExporter, ...bodies: readonly string[]): Promise<ExportResultCode> =>
  new Promise((resolve) =>
    exporter.export(
      bodies.map((body) => record({ body })),
      ({ code }) => resolve(code),
    ),
  );

describe('an exporter with a spool', () => {
  const { open, said } = eachTest();
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function setup(options: SlackExporterOptions = {}, isDown = true, more: Overrides = {}) {
    const inbox = await open.inbox(isDown ? { faults: DOWN } : {});
    const { fake, spool } = fakeSpool();
    const to = { webhookUrl: inbox.webhookUrl, spool: { directory: 'unused' }, flushTimeoutMillis: 500, ...options };
    const exporter = open.ending(new SlackLogRecordExporter(to, isolated({ openSpool: () => spool, ...more })));
    return { inbox, fake, exporter };
  }

  function sumsUp({ accepted, delivered, pending, dropped }: ReturnType<SlackLogRecordExporter['stats']>): void {
    equal(accepted, delivered + pending + Object.values(dropped).reduce((sum, records) => sum + records, 0));
  }

  it('accepts a batch once it is on the disk, and not before', async () => {
    const { fake, exporter } = await setup();
    let store = (): void => {};
    const stored = new Promise<void>((resolve) => {
      store = resolve;
    });
    const { answer } = fake;
    fake.answer = async (values) => stored.then(() => answer(values));
    let code: ExportResultCode | undefined;
    const said = codeOf(exporter, 'a').then((its) => {
      code = its;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    equal(code, undefined);
    store();
    await said;
    equal(code, ExportResultCode.SUCCESS);
  });

  it('saves a batch for all destinations in one append, and records that come meanwhile in the next', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    const routes = [{ webhookUrl: inbox.webhookUrl, continue: true }];
    const { fake, exporter } = await setup({ routes });
    await Promise.all([codeOf(exporter, 'a', 'b', 'b'), codeOf(exporter, 'c'), codeOf(exporter, 'a')]);
    deepEqual(
      fake.appends.map((values) => values.length),
      [4, 4],
    );
    const [first] = fake.appends as { destination: string; records: number }[][];
    deepEqual(
      first?.map(({ records }) => records),
      [1, 2, 1, 2],
    );
    equal(new Set(first?.map(({ destination }) => destination)).size, 2);
  });

  it('accepts records that cannot be saved, and saves them again with the next ones', async () => {
    const { fake, exporter } = await setup();
    const { answer } = fake;
    fake.answer = async () => ({ ids: [], isDurable: false });
    equal(await codeOf(exporter, 'a', 'a'), ExportResultCode.SUCCESS);
    fake.answer = answer;
    await codeOf(exporter, 'a');
    deepEqual(
      fake.appends.map((values) => values.map((value) => (value as { records: number }).records)),
      [[2], [3]],
    );
  });

  it('acknowledges delivered records, and verifies before each request that they are not adopted', async () => {
    const { fake, exporter, inbox } = await setup({}, false);
    await codeOf(exporter, 'a', 'a');
    await exporter.forceFlush();
    equal(recordsShown(inbox), 2);
    deepEqual(fake.acknowledged, ['id0']);
    ok(fake.verified >= inbox.requests().length);
  });

  it('restores records of an earlier process, with their time, and removes records that another process adopts', async () => {
    const { fake, exporter, inbox } = await setup({}, true);
    await codeOf(exporter, 'a', 'a');
    const [[value] = []] = fake.appends;
    const writtenAtMillis = Date.UTC(2026, 0, 1, 12);
    fake.recover({ id: 'x', value, writtenAtMillis }, { id: 'y', value, writtenAtMillis });
    equal(exporter.stats().accepted, 6);
    fake.take('y');
    const { accepted, pending } = exporter.stats();
    deepEqual([accepted, pending], [4, 4]);
    inbox.clearFaults();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await exporter.forceFlush();
    equal(recordsShown(inbox), 4);
    match(texts(inbox)[0] ?? '', /from before the restart at Jan 1, 2026/);
    deepEqual([...fake.acknowledged].sort(), ['id0', 'x']);
  });

  it('restores records of a destination that does not exist any more to the last one', async () => {
    const { fake, exporter, inbox } = await setup({ flushTimeoutMillis: 5_000 }, false);
    await codeOf(exporter, 'a');
    const [[value] = []] = fake.appends;
    await exporter.forceFlush();
    const other = { ...(value as object), destination: 'gone', fingerprint: 'b', id: 'c0ffee00' };
    fake.recover({ id: 'x', value: other, writtenAtMillis: Date.now() });
    await exporter.shutdown();
    equal(recordsShown(inbox), 2);
    deepEqual(fake.acknowledged, ['id0', 'x']);
  });

  it('counts records that cannot be read or are too old', async () => {
    const { fake, exporter } = await setup();
    const earlier = await setup();
    await codeOf(earlier.exporter, 'old', 'old', 'old');
    fake.recover({ id: 'x', value: { nonsense: 1 }, writtenAtMillis: 0 }, { id: 'y', value: null, writtenAtMillis: 0 });
    fake.stats = { damaged: 1, expired: 2 };
    // Three equal records in one entry, and one that cannot even be read.
    fake.expire(...(earlier.fake.appends[0] ?? []), { nonsense: 2 });
    deepEqual(exporter.stats().dropped, { expired: 4, spool_damaged: 3 });
    sumsUp(exporter.stats());
    deepEqual(fake.acknowledged, ['x', 'y']);
  });

  it('leaves an entry that throws on the disk, and restores all others', async () => {
    const { fake, exporter } = await setup();
    await codeOf(exporter, 'a');
    const [[value] = []] = fake.appends;
    const throwing = () => {
      throw new Error('poison');
    };
    const poison = new Proxy({}, { get: throwing });
    // More entries than one slice restores.
    const entries = Array.from({ length: 5_000 }, (_, at) => {
      return { id: `x${at}`, value: at % 1_000 === 999 ? poison : value, writtenAtMillis: 0 };
    });
    fake.recover(...entries);
    await exporter.forceFlush();
    while (exporter.stats().accepted < 4_996) await new Promise(setImmediate);
    sumsUp(exporter.stats());
    deepEqual(fake.acknowledged, []);
  });

  it('restores nothing more when the process ends: the entries stay on the disk', () => {
    const { fake, spool } = fakeSpool();
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now++ };
    const warn = (): void => {};
    const spooler = new Spooler({ spool, notificationLog: new NotificationLog(spool), destinations: [], clock, warn });
    const entries = Array.from({ length: 100 }, (_, at) => ({ id: `x${at}`, value: at, writtenAtMillis: 0 }));
    fake.recover(...entries);
    const read = fake.acknowledged.length;
    ok(read > 0 && read < entries.length, `${read} of them are read`);
    spooler.leaveToNextProcess();
    equal(fake.acknowledged.length, read);
  });

  it('leaves saved records in the spool at shutdown, with a warning, and drops only unsaved ones', async () => {
    const { fake, exporter } = await setup();
    await codeOf(exporter, 'a', 'a');
    fake.answer = async () => ({ ids: [], isDurable: false });
    await codeOf(exporter, 'a');
    await exporter.shutdown();
    const { pending, dropped } = exporter.stats();
    deepEqual([pending, dropped], [2, { shutdown: 1 }]);
    sumsUp(exporter.stats());
    deepEqual(fake.acknowledged, []);
    match(
      said.warnings.join('\n'),
      /2 records not delivered before shutdown, saved in the spool for the next start; 1 record could/,
    );
  });

  it('saves records that arrive during the shutdown too', async () => {
    const clock = manualClock();
    const { inbox, fake, exporter } = await setup({}, true, { clock });
    inbox.setFaults([{ kind: 'hang_before_headers' }]);
    await codeOf(exporter, 'a');
    await clock.advance(0);
    while (inbox.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const over = exporter.shutdown();
    // Everything so far is saved and waits for Slack.
    await clock.advance(200);
    let answers = (): void => {};
    const disk = new Promise<void>((resolve) => {
      answers = resolve;
    });
    const honest = fake.answer;
    fake.answer = async (values) => {
      if (values.length > 0) await disk;
      return honest(values);
    };
    const accepted = codeOf(exporter, 'b');
    await clock.advance(1_000);
    answers();
    await clock.advance(100);
    await Promise.all([accepted, over]);
    const { pending, dropped } = exporter.stats();
    deepEqual([pending, dropped], [2, {}]);
  });

  it('warns once that its folder cannot be used, and works without it', async () => {
    const inbox = await open.inbox();
    const folder = await mkdtemp(join(tmpdir(), 'kept-'));
    folders.push(folder);
    const file = join(folder, 'file');
    await writeFile(file, '');
    const options = { webhookUrl: inbox.webhookUrl, spool: { directory: join(file, 'spool') } };
    const exporter = open.ending(new SlackLogRecordExporter(options, isolated()));
    equal(await codeOf(exporter, 'a'), ExportResultCode.SUCCESS);
    equal(await codeOf(exporter, 'b'), ExportResultCode.SUCCESS);
    await exporter.forceFlush();
    equal(recordsShown(inbox), 2);
    equal(said.warnings.length, 1);
    match(said.warnings[0] ?? '', /spool: .*in memory only/);
  });

  it('writes neither the URL of a webhook nor a redacted value to the disk', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    const folder = await mkdtemp(join(tmpdir(), 'kept-'));
    folders.push(folder);
    const directory = join(folder, 'spool');
    const options = { webhookUrl: inbox.webhookUrl, spool: { directory }, flushTimeoutMillis: 300 };
    const exporter = open.ending(new SlackLogRecordExporter(options, isolated()));
    await codeOf(exporter, 'no way in: password=hunter2');
    const names = await readdir(directory);
    const bytes = await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')));
    match(bytes.join(), /no way in/);
    doesNotMatch(bytes.join(), /hunter2|127\.0\.0\.1|services/);
  });
});
