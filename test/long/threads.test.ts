import { equal, ok } from 'node:assert/strict';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import { buildIfStale, ended, killAll, start } from '../support/processes.js';
import { eachTest } from '../support/slack.js';

interface Counts {
  readonly delivered: number;
  readonly throttled: number;
}

function sum(results: readonly Counts[], key: keyof Counts): number {
  return results.reduce((total, each) => total + each[key], 0);
}

describe('worker threads that log to one channel', function () {
  this.timeout(120_000);
  const { open } = eachTest();
  before(buildIfStale);
  after(killAll);

  async function run(how: 'main' | 'workers', threads: number, options: object): Promise<readonly Counts[]> {
    const args = ['test/children/threads.mjs', how, String(threads)];
    const given = { ...options, flushTimeoutMillis: 60_000, scheduledDelayMillis: 20 };
    const { code, stdout, stderr } = await ended(start([...args, JSON.stringify(given)]));
    equal(code, 0, stderr);
    equal(stderr, '');
    return JSON.parse(stdout) as Counts[];
  }

  const WAYS = [
    ['a webhook', (inbox: Inbox) => ({ webhookUrl: inbox.webhookUrl })],
    ['a token', (inbox: Inbox) => ({ token: inbox.token, channel: inbox.channel, apiUrl: inbox.apiUrl })],
  ] as const;
  for (const [way, to] of WAYS) {
    for (const how of ['main', 'workers'] as const) {
      it(`A14: post one message a second together, with ${way}, when ${how === 'main' ? 'the main thread loads the exporter first' : 'only they load the exporter'}`, async () => {
        // The inbox answers 429 to a second post within a second.
        const inbox = await open.inbox();
        const results = await run(how, 8, to(inbox));
        equal(sum(results, 'delivered'), 8);
        const throttled = sum(results, 'throttled');
        // Threads that find each other late post at the same time once. Without the shared limit, 28 posts come too early.
        ok(throttled <= (how === 'main' ? 0 : 7), `${throttled} posts came too early`);
      });
    }
  }
});
