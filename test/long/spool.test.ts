import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest, isolated, recordsShown, texts, WAYS } from '../support/slack.js';
import { bytesIn } from '../support/spool.js';

/** Slack answers 503 to everything. */
const DOWN = [{ kind: 'status', status: 503 }] as const;

describe('records in a spool, after their process has ended', function () {
  this.timeout(90_000);
  const { open } = eachTest();
  let folder = '';
  let directory = '';
  before(buildIfStale);
  after(killAll);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spool-'));
    directory = join(folder, 'spool');
  });
  afterEach(async () => {
    killAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  const optionsFor = (inbox: Inbox, more: object = {}) =>
    JSON.stringify({ webhookUrl: inbox.webhookUrl, spool: { directory }, flushTimeoutMillis: 2_000, ...more });
  const child = (how: string, options: string, ...more: readonly string[]): ChildProcess =>
    start(['test/children/keeping.mjs', how, options, ...more]);
  const run = (how: string, options: string, ...more: readonly string[]) => ended(child(how, options, ...more));

  async function killedAfter(how: string, options: string): Promise<void> {
    const started = child(how, options);
    let output = '';
    started.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    while (!output.includes('accepted')) await sleep(20);
    started.kill('SIGKILL');
    await once(started, 'close');
  }

  /** Starts the next process, and waits until no record is pending. */
  async function nextStart(inbox: Inbox, records: number, more: object = {}) {
    inbox.clearFaults();
    const options = JSON.parse(optionsFor(inbox, more));
    const slack = open.ending(createSlackLogRecordProcessor(options, isolated()));
    const until = Date.now() + 45_000;
    while (slack.stats().delivered < records && Date.now() < until) await sleep(50);
    await slack.shutdown();
    const { accepted, delivered, pending, dropped } = slack.stats();
    deepEqual(
      { accepted, delivered, pending, dropped },
      { accepted: records, delivered: records, pending: 0, dropped: {} },
    );
    return slack;
  }

  for (const { way, to } of WAYS) {
    it(`arrive with the next start after a SIGKILL, each once, over ${way}`, async () => {
      const inbox = await open.inbox({ faults: DOWN });
      const options = JSON.stringify({ ...to(inbox), spool: { directory } });
      await killedAfter('accept by hand', options);
      equal(inbox.messages().length, 0);
      await nextStart(inbox, 10, { webhookUrl: undefined, ...to(inbox) });
      equal(recordsShown(inbox), 10);
      match(texts(inbox)[0] ?? '', /disk is full/);
      match(texts(inbox)[0] ?? '', /checkout/);
      match(texts(inbox)[0] ?? '', /from before the restart at /);
    });
  }

  it('arrive when the process called process.exit() with all records in the queue', async () => {
    const inbox = await open.inbox();
    const { code, stderr } = await run('exit', optionsFor(inbox));
    deepEqual([code, stderr], [3, '']);
    equal(inbox.requests().length, 0);
    await nextStart(inbox, 100);
    equal(recordsShown(inbox), 100);
  });

  it('arrive when the process called process.exit() within a batch, with the exporter by hand', async () => {
    const inbox = await open.inbox();
    const { code, stdout, stderr } = await run('exit by hand', optionsFor(inbox));
    deepEqual([code, stdout, stderr], [3, 'true\n', '']);
    await nextStart(inbox, 20_000);
    equal(recordsShown(inbox), 20_000);
  });

  it('arrive after an uncaught exception, and so does the exception', async () => {
    const inbox = await open.inbox();
    const { code, stderr } = await run('throw', optionsFor(inbox));
    equal(code, 1);
    match(stderr, /TypeError: x is not a function/);
    await nextStart(inbox, 101);
    equal(recordsShown(inbox), 101);
    match(texts(inbox).join('\n'), /FATAL · TypeError: x is not a function/);
  });

  it('are not posted again when the last words have posted them', async () => {
    const inbox = await open.inbox();
    await run('exit', optionsFor(inbox, { lastWords: true }));
    equal(recordsShown(inbox), 100);
    const { stdout } = await run('shut down', optionsFor(inbox), 'something else');
    equal(JSON.parse(stdout).accepted, 100);
    equal(recordsShown(inbox), 200);
  });

  it('arrive when the last words failed', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    await run('exit', optionsFor(inbox, { lastWords: true }));
    equal(inbox.messages().length, 0);
    await nextStart(inbox, 100);
    equal(recordsShown(inbox), 100);
  });

  it('are saved by a shutdown while Slack is down, and not dropped', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    const { stdout } = await run('shut down', optionsFor(inbox));
    const { accepted, delivered, pending, dropped } = JSON.parse(stdout);
    deepEqual({ accepted, delivered, pending, dropped }, { accepted: 100, delivered: 0, pending: 100, dropped: {} });
    await nextStart(inbox, 100);
    equal(recordsShown(inbox), 100);
  });

  it('are deleted from the disk after their delivery: a second start finds nothing', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    await run('exit', optionsFor(inbox));
    await nextStart(inbox, 100);
    const requests = inbox.requests().length;
    const slack = open.ending(createSlackLogRecordProcessor(JSON.parse(optionsFor(inbox)), isolated()));
    await slack.forceFlush();
    await slack.shutdown();
    equal(slack.stats().accepted, 0);
    equal(inbox.requests().length, requests);
  });

  it('are delivered once by two processes that share the directory of a dead one', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    await run('exit', optionsFor(inbox), 'first');
    await run('exit', optionsFor(inbox), 'second');
    inbox.clearFaults();
    const options = JSON.parse(optionsFor(inbox));
    const both = [0, 1].map(() => open.ending(createSlackLogRecordProcessor(options, isolated())));
    const delivered = () => both.reduce((sum, slack) => sum + slack.stats().delivered, 0);
    const until = Date.now() + 45_000;
    while (delivered() < 200 && Date.now() < until) await sleep(50);
    await Promise.all(both.map((slack) => slack.shutdown()));
    equal(delivered(), 200);
    equal(recordsShown(inbox), 200);
  });

  it('take little space, however many of them are equal', async () => {
    const inbox = await open.inbox({ faults: DOWN });
    await killedAfter('storm', optionsFor(inbox));
    const bytes = await bytesIn(directory);
    ok(bytes < 1_000_000, `${bytes} bytes`);
    await nextStart(inbox, 100_000);
    equal(recordsShown(inbox), 100_000);
  });
});
