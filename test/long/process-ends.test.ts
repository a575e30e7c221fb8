import { deepEqual, equal, match } from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { fastClock } from '../support/clock.js';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest, isolated, recordsShown, texts } from '../support/slack.js';
import { patientSpool } from '../support/spool.js';

/** A row of the table in docs/production.md: a process with one delivered record and ten pending ones. */
interface Row {
  readonly how: string;
  /** The records in the channel after the end of the process: without an option, and with `lastWords`. */
  readonly plain: number;
  readonly lastWords: number;
  /** The records that the next start delivers, when the process has a spool and Slack is down. */
  readonly left: number;
  readonly code: number | null;
  readonly signal?: NodeJS.Signals;
  readonly fatal?: RegExp;
}

const ROWS: readonly Row[] = [
  { how: 'shut down', plain: 11, lastWords: 11, left: 10, code: 0 },
  { how: 'exit', plain: 1, lastWords: 11, left: 10, code: 3 },
  { how: 'run out', plain: 1, lastWords: 11, left: 10, code: 0 },
  { how: 'throw', plain: 1, lastWords: 12, left: 11, code: 1, fatal: /FATAL · TypeError: x is not a function/ },
  { how: 'reject', plain: 1, lastWords: 12, left: 11, code: 1, fatal: /FATAL · RangeError: nobody handles this/ },
  { how: 'SIGKILL', plain: 1, lastWords: 1, left: 10, code: null, signal: 'SIGKILL' },
  { how: 'SIGTERM', plain: 1, lastWords: 1, left: 10, code: null, signal: 'SIGTERM' },
  { how: 'out of memory', plain: 1, lastWords: 1, left: 10, code: null, signal: 'SIGABRT' },
];

const DOWN = [{ kind: 'status', status: 503 }] as const;

describe('a process that ends with one delivered record and ten pending ones', function () {
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

  for (const { how, plain, lastWords, left, code, signal = null, fatal } of ROWS) {
    it(`${how}: the messages show ${plain > 1 ? 'all records' : 'the record that was delivered before'}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      deepEqual(await end(how, inbox, {}), { code, signal });
      equal(recordsShown(inbox), plain);
    });

    it(`${how}, with lastWords: ${lastWords > 1 ? 'all records arrive' : 'the same as without'}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      deepEqual(await end(how, inbox, { lastWords: true }), { code, signal });
      equal(recordsShown(inbox), lastWords);
      if (fatal) match(texts(inbox).join('\n'), fatal);
    });

    it(`${how}, with a spool and Slack down: the next start delivers the pending records`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      const spool = { directory: join(folder, 'spool') };
      const isDown = () => inbox.setFaults(DOWN);
      deepEqual(await end(how, inbox, { spool, flushTimeoutMillis: 500 }, isDown), { code, signal });
      equal(recordsShown(inbox), 1);
      inbox.clearFaults();
      await nextStart(inbox, spool, left);
      equal(recordsShown(inbox), 1 + left);
      match(texts(inbox).at(-1) ?? '', /from before the restart at /);
      if (fatal) match(texts(inbox).join('\n'), fatal);
    });
  }

  /** Ends the process after the first record has arrived and `meanwhile` has run. */
  async function end(how: string, inbox: Inbox, options: object, meanwhile = () => {}) {
    const given = { webhookUrl: inbox.webhookUrl, scheduledDelayMillis: 50, ...options };
    const app = { how, options: given, hasHistory: true };
    const child = start(
      ['--max-old-space-size=64', 'test/children/ends.mjs', JSON.stringify(app)],
      {},
      { stdin: 'pipe' },
    );
    const over = ended(child);
    await firstOutput(child);
    equal(recordsShown(inbox), 1);
    meanwhile();
    child.stdin?.write('go on\n');
    const { code, signal } = await over;
    return { code, signal };
  }

  async function firstOutput(child: ChildProcess): Promise<void> {
    if (child.stdout) await once(child.stdout, 'data');
  }

  /** With a fast clock, because a process counts as dead only after fifteen seconds. */
  async function nextStart({ webhookUrl }: Inbox, spool: object, records: number): Promise<void> {
    const options = { webhookUrl, spool } as Parameters<typeof createSlackLogRecordProcessor>[0];
    const slack = open.ending(
      createSlackLogRecordProcessor(options, isolated({ clock: fastClock(10), openSpool: patientSpool(10) })),
    );
    const until = Date.now() + 30_000;
    while (slack.stats().delivered < records && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
    await slack.shutdown();
    const { accepted, delivered, dropped } = slack.stats();
    deepEqual({ accepted, delivered, dropped }, { accepted: records, delivered: records, dropped: {} });
  }
});
