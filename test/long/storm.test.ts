import { deepEqual, equal, ok } from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Inbox, messageText } from '../../packages/slack-inbox/src/index.js';
import type { SlackProcessorStats } from '../../src/processor.js';
import { opened, recordsSaidLost, recordsShown, texts, WAYS } from '../support/slack.js';
import { word } from '../support/words.js';

interface End {
  readonly grownMiB: number;
  readonly stats: SlackProcessorStats;
}

describe('a storm', function () {
  // Slack accepts one message a second, and the test starts an app.
  this.timeout(90_000);
  const open = opened();
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await open.closeAll();
  });

  /** Starts the app, waits for its storm, then until `seen` returns true, and then for the end of the app. */
  async function storm(options: object, equalOnes: number, distinct: number, seen: () => boolean) {
    const file = fileURLToPath(new URL('../children/storm.ts', import.meta.url));
    const child = fork(file, [JSON.stringify(options), `${equalOnes}`, `${distinct}`], {
      execArgv: ['--import', 'tsx'],
    });
    children.push(child);
    const [{ emitted }] = (await once(child, 'message')) as [{ emitted: number }];
    const from = performance.now();
    while (!seen()) {
      ok(performance.now() - from < 30_000, 'not all is visible after 30 s');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const visibleMillis = performance.now() - from;
    child.send('end');
    const [end] = (await once(child, 'message')) as [End];
    return { emitted, visibleMillis, ...end };
  }

  /** Returns the shortest time between two posts to the channel, from headers to headers. */
  function closestPosts(inbox: Inbox): number {
    const posts = inbox
      .requests()
      .filter(({ method, status }) => (method === 'webhook' || method === 'chat.postMessage') && status === 200)
      .map(({ monotonicMillis }) => monotonicMillis);
    return Math.min(...posts.slice(1).map((at, before) => at - (posts[before] ?? 0)));
  }

  for (const { way, to } of WAYS) {
    it(`of 100,000 equal errors and 50 others is shown completely, in a few messages, with ${way}`, async () => {
      const inbox = await open.inbox();
      const names = Array.from({ length: 50 }, (_, at) => new RegExp(`problem ${word(at)}\\b`));
      const isVisible = (): boolean => {
        const all = texts(inbox).join('\n');
        return names.every((name) => name.test(all)) && all.includes('the payment provider is down');
      };
      const { emitted, visibleMillis, grownMiB, stats } = await storm(to(inbox), 100_000, 50, isVisible);
      equal(emitted, 100_051);
      ok(visibleMillis <= 10_000, `all visible after ${visibleMillis} ms`);
      equal(recordsShown(inbox), emitted);
      deepEqual([stats.delivered, stats.pending, stats.dropped], [emitted, 0, {}]);
      ok(inbox.requests().length <= 25, `${inbox.requests().length} requests`);
      equal(inbox.requests().filter(({ status }) => status === 429).length, 0);
      ok(closestPosts(inbox) >= 1_000, `two posts ${closestPosts(inbox)} ms apart`);
      ok(grownMiB <= 32, `RSS grew by ${grownMiB} MiB`);
    });

    it(`of 5,000 different errors is a readable digest, and every dropped record is reported, with ${way}`, async () => {
      const inbox = await open.inbox();
      const isVisible = (): boolean => recordsSaidLost(inbox) > 0;
      const { emitted, grownMiB, stats } = await storm(to(inbox), 0, 5_000, isVisible);
      equal(recordsShown(inbox) + recordsSaidLost(inbox), emitted);
      equal(stats.delivered + (stats.dropped.queue_full ?? 0), emitted);
      ok(inbox.messages().length <= 10, `${inbox.messages().length} messages`);
      ok(inbox.messages().every((message) => messageText(message).split('\n').length <= 25));
      ok(grownMiB <= 64, `RSS grew by ${grownMiB} MiB`);
    });
  }
});
