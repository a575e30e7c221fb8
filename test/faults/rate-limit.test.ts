import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Fault, Inbox } from '../../packages/slack-inbox/src/index.js';
import { createRateLimits } from '../../src/deliver/rate-limiter.js';
import { fault, faultOf, type World } from '../support/faults.js';
import { recordsShown } from '../support/slack.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a rate limit', () => {
  const limited = (retryAfter: number | string | null, methods?: readonly string[]): Fault => ({
    kind: 'rate_limited',
    retryAfter,
    times: 1,
    ...(methods && { methods }),
  });

  /** Returns the times of the requests after the first one, in milliseconds. */
  const times = (inbox: Inbox): readonly number[] => {
    const all = inbox.requests().map(({ receivedAtMillis }) => receivedAtMillis);
    return all.map((millis) => millis - (all[0] ?? 0));
  };

  /** Emits a record that meets the limit, and another one during the wait. Returns the time until the next request. */
  async function waited(world: World, retryAfter: number | string | null): Promise<number | undefined> {
    world.inbox.setFaults([limited(retryAfter)]);
    const app = world.app();
    await app.emit('disk is full');
    await world.pass(SECOND);
    await app.emit('search is down');
    await world.passUntil(() => app.slack.stats().delivered === 2, 2 * MINUTE);
    equal(app.slack.stats().throttled, 1);
    equal(recordsShown(world.inbox), 2);
    return times(world.inbox)[1];
  }

  fault('429 with seconds: no request before that time, even with new records', async (world) => {
    equal(await waited(world, 17), 17 * SECOND);
  });

  fault('429 without a time: is sent again after 30 s', async (world) => {
    equal(await waited(world, null), 30 * SECOND);
  });

  fault('429 with an invalid time: is sent again after 30 s', async (world) => {
    equal(await waited(world, 'soon'), 30 * SECOND);
  });

  fault('429 with an HTTP date: is sent again at that time, by Slack’s clock and not by ours', async (world) => {
    // The answer has Slack's time. The clock of this app is in another year.
    const millis = await waited(world, new Date(Date.now() + 45 * SECOND).toUTCString());
    ok(millis !== undefined && millis > 40 * SECOND && millis <= 46 * SECOND, `${millis}`);
  });

  fault(
    '429 for a month: is respected, though longer than a timer can hold, and records are dropped as expired after a day, with a warning',
    async (world) => {
      world.inbox.setFaults([limited((30 * DAY) / SECOND)]);
      const app = world.app();
      await app.emit('disk is full');
      await world.pass(30 * DAY - HOUR);
      deepEqual([app.slack.stats().dropped, times(world.inbox)], [{ expired: 1 }, [0]]);
      await app.emit('search is down');
      await world.pass(HOUR - SECOND);
      equal(world.inbox.requests().length, 1);
      await world.passUntil(() => app.slack.stats().delivered === 1, 3 * SECOND);
      equal(times(world.inbox)[1], 30 * DAY);
      match(world.said.warnings.join('\n'), /Slack asks to wait for 2,592,000 s/);
      match(world.said.warnings.join('\n'), /1 record could not be sent for a day/);
    },
  );

  faultOf(
    'a token',
    '429 to a method: applies to all channels of the token, and not to its other methods',
    async (world) => {
      const { inbox } = world;
      const app = world.app({ routes: [{ channel: 'C0123GENERAL', match: { severity: 'FATAL' } }] });
      await app.emit('disk is full');
      await world.pass(2 * SECOND);
      inbox.setFaults([limited(60, ['chat.postMessage'])]);
      await app.emit('search is down');
      await world.pass(0);
      const limitedAt = inbox.requests().at(-1)?.receivedAtMillis ?? 0;
      app.logger.emit({ severityNumber: 21, body: 'the other channel' });
      await app.emit('disk is full');
      await world.pass(59 * SECOND);
      const since = inbox.requests().filter(({ receivedAtMillis }) => receivedAtMillis > limitedAt);
      ok(
        since.some(({ method }) => method === 'chat.update'),
        'what stands is updated meanwhile',
      );
      deepEqual(
        since.filter(({ method }) => method === 'chat.postMessage'),
        [],
      );
      await world.passUntil(() => app.slack.stats().delivered === 4, 5 * SECOND);
      equal(inbox.messages('C0123GENERAL').length, 1);
    },
  );

  faultOf(
    'a webhook',
    '429 to a URL: applies to every exporter of the process that uses the URL, and to no other URL',
    async (world) => {
      const { inbox } = world;
      const overrides = { rateLimits: createRateLimits() };
      const other = inbox.addWebhook('C0123GENERAL');
      const apps = [
        world.app({}, { overrides }),
        world.app({}, { overrides }),
        world.app({ webhookUrl: other }, { overrides }),
      ];
      inbox.setFaults([limited(60)]);
      for (const app of apps) {
        await app.emit('disk is full');
        await world.pass(SECOND);
      }
      await world.pass(56 * SECOND);
      deepEqual(
        apps.map(({ slack }) => slack.stats().requests),
        [1, 0, 1],
      );
      deepEqual([inbox.messages('C0123ALERTS').length, inbox.messages('C0123GENERAL').length], [0, 1]);
      await world.passUntil(() => apps.every(({ slack }) => slack.stats().delivered === 1), 10 * SECOND);
      const [, , third = 0, fourth = 0] = times(inbox);
      ok(third >= 60 * SECOND && fourth - third >= SECOND, `${times(inbox)}`);
    },
  );
});
