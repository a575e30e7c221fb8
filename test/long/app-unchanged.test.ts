import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { buildIfStale, type Ended, ended, killAll, start } from '../support/processes.js';
import { eachTest, isolated, recordsShown, texts } from '../support/slack.js';

/** An app of test/children/ends-app.cjs. */
interface App {
  readonly how: string;
  readonly module: string;
  readonly otlpUrl?: string | undefined;
  readonly isUnsettled?: boolean | undefined;
}

/** How the app ends, its exit code, and the record of the unhandled error. */
const WAYS: readonly { readonly how: string; readonly code: number; readonly fatal?: RegExp }[] = [
  { how: 'exit', code: 3 },
  { how: 'throw', code: 1, fatal: /FATAL · TypeError: x is not a function/ },
  { how: 'reject', code: 1, fatal: /FATAL · RangeError: nobody handles this/ },
];
const OTHER_WAYS: typeof WAYS = [
  { how: 'handle it', code: 4 },
  { how: 'capture it', code: 5 },
  { how: 'run out', code: 0 },
];

describe('an app that logs in its first statements, then ends', function () {
  this.timeout(60_000);
  const { open } = eachTest();
  let folder = '';
  let closedUrl = '';
  before(async () => {
    buildIfStale();
    closedUrl = `http://127.0.0.1:${await closedPort()}/v1/logs`;
  });
  after(killAll);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ends-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  const BESIDE = [
    { beside: '', ways: [...WAYS, ...OTHER_WAYS], more: () => ({}) },
    { beside: ', with an OTLP processor beside ours', ways: WAYS, more: () => ({ otlpUrl: closedUrl }) },
    { beside: ', with a resource that never settles', ways: WAYS, more: () => ({ isUnsettled: true }) },
  ];

  for (const module of ['mjs', 'cjs']) {
    for (const { beside, ways, more } of BESIDE) {
      it(`keeps its exit code and output, and its records and the fatal error arrive (${module}${beside})`, async () => {
        for (const { how, code, fatal } of ways) {
          const app = { how, module, ...more() };
          const inbox = await open.inbox({ rateLimit: false });
          const directory = join(folder, how);
          const [without, withSpool, withWords] = await Promise.all([
            run(app),
            run(app, { webhookUrl: inbox.webhookUrl, spool: { directory } }),
            run(app, { webhookUrl: inbox.webhookUrl, lastWords: true }),
          ]);
          equal(without.code, code, without.stderr);
          deepEqual(withSpool, without, how);
          deepEqual(withWords, without, how);
          // The last words have arrived already. The records of the spool follow with the next start.
          arrived(inbox, fatal);
          const other = await open.inbox({ rateLimit: false });
          await nextStart(other, directory, fatal ? 11 : 10);
          arrived(other, fatal);
        }
      });
    }
  }

  function run({ module, ...app }: App, options?: object): Promise<Ended> {
    return ended(start([`test/children/ends.${module}`, JSON.stringify({ ...app, options })]));
  }

  function arrived(inbox: Inbox, fatal: RegExp | undefined): void {
    const text = texts(inbox).join('\n');
    equal(recordsShown(inbox), fatal ? 11 : 10, text);
    match(text, /disk is full/);
    match(text, /checkout/);
    if (fatal === undefined) doesNotMatch(text, /FATAL/);
    else match(text, fatal);
  }

  async function nextStart(inbox: Inbox, directory: string, records: number): Promise<void> {
    const options = { webhookUrl: inbox.webhookUrl, spool: { directory } };
    const slack = open.ending(createSlackLogRecordProcessor(options, isolated()));
    await slack.forceFlush();
    await slack.shutdown();
    equal(slack.stats().delivered, records);
  }
});

/** Returns a port on which no server listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
