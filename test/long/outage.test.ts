import { deepEqual, equal, ok } from 'node:assert/strict';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import type { Inbox, InboxRequest } from '../../packages/slack-inbox/src/index.js';
import { createSlackLogRecordProcessor, type SlackLogRecordProcessor } from '../../src/processor.js';
import { ERROR } from '../support/records.js';
import { eachTest, isolated, recordsShown, texts, WAYS } from '../support/slack.js';
import { word } from '../support/words.js';

describe('an outage of Slack', function () {
  this.timeout(40_000);
  const { open } = eachTest();

  for (const { way, to } of WAYS) {
    describe(`with ${way}`, () => {
      function setup(inbox: Inbox) {
        const slack = createSlackLogRecordProcessor({ ...to(inbox), flushTimeoutMillis: 20_000 }, isolated());
        const provider = open.ending(new LoggerProvider({ processors: [slack] }));
        return { slack, provider, logger: provider.getLogger('orders') };
      }

      it('429 to everything for five seconds: 10,000 errors are all shown or counted, in at most 20 requests', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'rate_limited', retryAfter: 1, forMillis: 5_000 }] });
        const { slack, provider, logger } = setup(inbox);
        for (let burst = 0; burst < 20; burst++) {
          for (let at = 0; at < 500; at++) logger.emit({ severityNumber: ERROR, body: `problem ${word(at % 50)}` });
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
        await provider.forceFlush();
        const { delivered, dropped, pending } = slack.stats();
        equal(recordsShown(inbox) + (dropped.queue_full ?? 0), 10_000);
        deepEqual([delivered + (dropped.queue_full ?? 0), pending], [10_000, 0]);
        deepEqual(
          Object.keys(dropped).filter((reason) => reason !== 'queue_full'),
          [],
        );
        ok(inbox.requests().length <= 20, `${inbox.requests().length} requests`);
        deepEqual(tooEarly(inbox.requests()), []);
      });

      it('a reset after Slack accepted: the message is posted at most twice, with the same id', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'reset_after_accept', times: 1 }] });
        const { slack, logger } = setup(inbox);
        for (let at = 0; at < 5; at++) logger.emit({ severityNumber: ERROR, body: 'disk is full' });
        await settledBooks(slack, 5);
        const ids = texts(inbox).map((text) => /id ([0-9a-f]{8})/.exec(text)?.[1]);
        equal(ids.length, 2);
        equal(new Set(ids).size, 1);
        equal(recordsShown(inbox), 5);
      });

      it('refused blocks: the message is sent once more as plain text, and arrives', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'error', error: 'invalid_blocks', times: 1 }] });
        const { slack, logger } = setup(inbox);
        logger.emit({ severityNumber: ERROR, body: 'disk is full' });
        await settledBooks(slack, 1);
        equal(inbox.messages()[0]?.blocks, undefined);
        ok(texts(inbox)[0]?.includes('disk is full'));
      });
    });
  }

  async function settledBooks(slack: SlackLogRecordProcessor, delivered: number): Promise<void> {
    while (slack.stats().delivered < delivered) await new Promise((resolve) => setTimeout(resolve, 20));
    deepEqual([slack.stats().pending, slack.stats().dropped], [0, {}]);
  }

  /** Returns the requests that came before the end of the previous answer's Retry-After. */
  function tooEarly(requests: readonly InboxRequest[]): readonly InboxRequest[] {
    return requests.filter((request, at) => {
      const before = requests[at - 1];
      const waitMillis = (before?.retryAfterSeconds ?? 0) * 1_000;
      return before !== undefined && request.monotonicMillis - before.monotonicMillis < waitMillis;
    });
  }
});
