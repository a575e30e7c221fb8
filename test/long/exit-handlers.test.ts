import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { buildIfStale, type Ended, ended, killAll, start } from '../support/processes.js';
import { eachTest, isolated, recordsShown, texts } from '../support/slack.js';

/** A way to end of test/children/exit-handlers.cjs, with `records` in all. `fatal`: one of them is the error. */
interface Row {
  readonly how: string;
  readonly code: number;
  readonly records: number;
  readonly fatal?: RegExp;
}

/** The records that could not be sent within two seconds. On a busy machine, the thread may start too late. */
function recordsReported({ stderr }: Ended): number {
  const reports = [...stderr.matchAll(/: (\d+) records? not delivered before shutdown$/gm)];
  return reports.reduce((sum, [, records]) => sum + Number(records), 0);
}

/** Every way that docs/reliability.md lists and process-ends.test.ts does not have. */
const ROWS: readonly Row[] = [
  { how: 'a handler before ours logs', code: 3, records: 2 },
  { how: 'a handler before ours throws', code: 3, records: 2, fatal: /the exit handler broke/ },
  { how: 'a handler before ours calls process.exit()', code: 9, records: 1 },
  { how: 'an uncaught error, and an exit handler that throws', code: 1, records: 2, fatal: /the app broke/ },
  {
    how: 'an uncaught error, and a handler before ours calls process.exit()',
    code: 9,
    records: 2,
    fatal: /the app broke/,
  },
  { how: 'a handler after ours logs', code: 3, records: 2 },
  { how: 'a handler after ours, registered in another turn, logs', code: 3, records: 2 },
  { how: 'ten handlers after ours log', code: 3, records: 11 },
  { how: 'a handler after ours throws', code: 3, records: 1 },
  { how: 'a handler after ours logs, when nothing is left to do', code: 0, records: 2 },
  { how: 'a handler after ours calls process.exit()', code: 9, records: 1 },
  { how: 'beforeExit logs', code: 0, records: 2 },
  { how: 'beforeExit schedules work that logs', code: 0, records: 2 },
  { how: 'beforeExit schedules work three times', code: 0, records: 4 },
  { how: 'an uncaughtException handler throws', code: 7, records: 2, fatal: /the app broke/ },
  { how: 'the second uncaughtException handler throws', code: 7, records: 3, fatal: /the app broke/ },
  { how: 'an uncaughtException handler logs and exits', code: 4, records: 2 },
  { how: 'an uncaughtException handler goes on', code: 5, records: 1 },
  { how: 'an unhandledRejection handler throws', code: 1, records: 2, fatal: /the handler broke/ },
  { how: 'an unhandledRejection handler logs and exits', code: 6, records: 2 },
  { how: 'process.exit() in a promise', code: 3, records: 1 },
  { how: 'process.exit() in an async function after an await', code: 3, records: 1 },
  { how: 'process.exit() while shutdown() runs', code: 3, records: 2 },
  { how: 'a record while shutdown() runs', code: 0, records: 3 },
  { how: 'process.exitCode is set', code: 8, records: 1 },
];

describe('an app that ends with handlers of its own', function () {
  this.timeout(60_000);
  const { open } = eachTest();
  let folder = '';
  before(buildIfStale);
  after(killAll);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ends-'));
  });
  afterEach(async () => {
    killAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  for (const { how, code, records, fatal } of ROWS) {
    it(`A4: ${how}: with lastWords all records arrive, and the exit code is the app’s own`, async () => {
      const inbox = await open.inbox();
      const end = await run(how, { webhookUrl: inbox.webhookUrl, lastWords: true });
      equal(end.code, code, end.stderr);
      equal(recordsShown(inbox) + recordsReported(end), records, texts(inbox).join('\n---\n') + end.stderr);
      if (fatal && recordsReported(end) === 0) match(texts(inbox).join('\n'), fatal);
    });

    it(`A4: ${how}: with a spool and Slack down, the next start delivers all records`, async () => {
      const inbox = await open.inbox({ rateLimit: false, faults: [{ kind: 'status', status: 503 }] });
      const directory = join(folder, 'spool');
      const end = await run(how, { webhookUrl: inbox.webhookUrl, spool: { directory }, flushTimeoutMillis: 1_000 });
      equal(end.code, code, end.stderr);
      inbox.clearFaults();
      await nextStart(inbox, directory);
      equal(recordsShown(inbox), records, texts(inbox).join('\n---\n') + end.stderr);
      if (fatal) match(texts(inbox).join('\n'), fatal);
    });
  }

  for (const [mode, code, records] of [
    ['throw', 1, 2],
    ['strict', 1, 2],
    ['warn', 0, 1],
    ['none', 0, 1],
    ['warn-with-error-code', 1, 1],
  ] as const) {
    it(`A4: an unhandled rejection with --unhandled-rejections=${mode}: all records arrive, and the exit code is the app’s own`, async () => {
      const inbox = await open.inbox();
      const options = { webhookUrl: inbox.webhookUrl, lastWords: true };
      const end = await run('an unhandled rejection', options, [`--unhandled-rejections=${mode}`]);
      equal(end.code, code, end.stderr);
      equal(recordsShown(inbox), records, texts(inbox).join('\n---\n') + end.stderr);
    });
  }

  it('A4: a hundred records after the last words are sent, or counted and reported, within two seconds', async () => {
    const inbox = await open.inbox();
    const { code, stderr } = await run('a hundred records after the last words', {
      webhookUrl: inbox.webhookUrl,
      lastWords: true,
    });
    equal(code, 3);
    ok(recordsShown(inbox) >= 2, texts(inbox).join('\n'));
    equal(stderr.match(/not delivered before shutdown/g)?.length, 1, stderr);
  });

  it('A4: thousands of records after the last words are saved for two seconds, and then counted and reported', async () => {
    const inbox = await open.inbox({ rateLimit: false, faults: [{ kind: 'status', status: 503 }] });
    const directory = join(folder, 'spool');
    const options = { webhookUrl: inbox.webhookUrl, spool: { directory }, flushTimeoutMillis: 1_000 };
    const { stdout } = await run('records for three seconds after the last words', options);
    const { emitted, accepted, delivered, pending, dropped } = JSON.parse(stdout);
    equal(accepted, delivered + pending + (dropped.shutdown ?? 0));
    equal(accepted, emitted);
    inbox.clearFaults();
    await nextStart(inbox, directory);
    equal(recordsShown(inbox), pending);
  });

  it('A4: a record that comes while shutdown() runs does not wait for the SDK, and the counts are exact', async () => {
    const inbox = await open.inbox();
    const { stdout } = await run('a record while shutdown() runs', { webhookUrl: inbox.webhookUrl });
    const { accepted, delivered, pending, dropped } = JSON.parse(stdout) as Record<string, unknown>;
    deepEqual({ accepted, delivered, pending, dropped }, { accepted: 3, delivered: 3, pending: 0, dropped: {} });
  });

  it('A4: a worker thread that calls process.exit() sends its last words', async () => {
    const inbox = await open.inbox();
    await run('a worker thread calls process.exit()', { webhookUrl: inbox.webhookUrl, lastWords: true });
    match(texts(inbox).join('\n'), /in the worker/);
  });

  for (const count of [1, 3, 10]) {
    it(`A15: the last words of ${count} exporters wait two seconds together while Slack hangs`, async () => {
      const inboxes = await Promise.all(
        Array.from({ length: count }, () => open.inbox({ faults: [{ kind: 'hang_before_headers' }] })),
      );
      const options = inboxes.map(({ webhookUrl }) => ({ webhookUrl, lastWords: true }));
      const { waitedMillis } = await run('process.exit() in a promise', options);
      ok(waitedMillis < 4_500, `ended after ${waitedMillis} ms`);
    });
  }

  it('A15: the last words of ten exporters reach Slack, those to one channel in one message', async () => {
    const [one, other] = [await open.inbox(), await open.inbox()];
    const options = Array.from({ length: 10 }, (_, at) => ({
      webhookUrl: (at < 5 ? one : other).webhookUrl,
      lastWords: true,
    }));
    await run('process.exit() in a promise', options);
    for (const inbox of [one, other]) {
      const attachments = inbox
        .messages()
        .map(({ payload }) => (payload as { readonly attachments?: object[] }).attachments);
      deepEqual(
        attachments.map((each) => each?.length),
        [5],
      );
    }
  });

  for (const fault of [
    { kind: 'status', status: 503, times: 1 },
    { kind: 'rate_limited', retryAfter: 1, times: 1 },
    { kind: 'reset', times: 1 },
  ] as const) {
    it(`A15: last words that meet one ${fault.kind} are sent again within their two seconds`, async () => {
      const inbox = await open.inbox({ faults: [fault] });
      await run('process.exit() in a promise', { webhookUrl: inbox.webhookUrl, lastWords: true });
      equal(recordsShown(inbox), 1);
    });
  }

  async function run(
    how: string,
    options: unknown,
    flags: readonly string[] = [],
  ): Promise<Ended & { readonly waitedMillis: number }> {
    const args = [...flags, 'test/children/exit-handlers.cjs', how, JSON.stringify(options)];
    const startedAt = performance.now();
    const end = await ended(start(args));
    return { ...end, waitedMillis: performance.now() - startedAt };
  }

  async function nextStart({ webhookUrl }: Inbox, directory: string): Promise<void> {
    const slack = open.ending(createSlackLogRecordProcessor({ webhookUrl, spool: { directory } }, isolated()));
    await slack.forceFlush();
    await slack.shutdown();
  }
});
