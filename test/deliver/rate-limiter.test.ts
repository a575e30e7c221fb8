import { deepEqual, equal, ok } from 'node:assert/strict';
import {
  createRateLimiter,
  createRateLimits,
  POST_INTERVAL_MILLIS,
  type RateLimiter,
  type Turn,
  UPDATES_PER_MINUTE,
} from '../../src/deliver/rate-limiter.js';
import type { Destination } from '../../src/slack/types.js';
import { manualClock } from '../support/clock.js';

const API = 'https://slack.com/api/';
const ALERTS: Destination = { kind: 'channel', token: 'xoxb-1', channel: 'C0ALERTS', apiUrl: API };
const ORDERS: Destination = { kind: 'channel', token: 'xoxb-1', channel: 'C0ORDERS', apiUrl: API };
const ELSEWHERE: Destination = { kind: 'channel', token: 'xoxb-2', channel: 'C0ALERTS', apiUrl: API };
const HOOK: Destination = { kind: 'webhook', url: 'https://hooks.slack.com/services/T0/B0/x' };

describe('the rate limiter', () => {
  const never = new AbortController().signal;

  function setup() {
    const clock = manualClock();
    const book = createRateLimits();
    return { clock, book, pace: (destination: Destination) => createRateLimiter(destination, book, clock) };
  }

  async function enter(pace: RateLimiter, signal: AbortSignal = never): Promise<Turn> {
    const turn = await pace.enter(signal);
    ok(turn);
    return turn;
  }

  async function post(pace: RateLimiter): Promise<void> {
    const turn = await enter(pace);
    turn.begin('post');
    turn.leave();
  }

  it('allows the first post at once', () => {
    const { pace } = setup();
    ok(pace(ALERTS).readyAtMillis('post') <= 0);
  });

  it('allows the next post a second after the last answer', async () => {
    const { clock, pace } = setup();
    const turn = await enter(pace(ALERTS));
    turn.begin('post');
    await clock.advance(400);
    turn.leave();
    equal(pace(ALERTS).readyAtMillis('post'), 400 + POST_INTERVAL_MILLIS);
  });

  it('does not delay a post after other requests', async () => {
    const { pace } = setup();
    for (const action of ['update', 'reactions'] as const) {
      const turn = await enter(pace(ALERTS));
      turn.begin(action);
      turn.leave();
    }
    (await enter(pace(ALERTS))).leave();
    ok(pace(ALERTS).readyAtMillis('post') <= 0);
  });

  it('never lets requests of two senders to one channel overlap', async () => {
    const { clock, pace } = setup();
    const turn = await enter(pace(ALERTS));
    let isIn = false;
    void pace(ALERTS)
      .enter(never)
      .then(() => {
        isIn = true;
      });
    await clock.advance(60_000);
    equal(isIn, false);
    turn.leave();
    await clock.advance(0);
    equal(isIn, true);
  });

  it('does not delay other channels', async () => {
    const { pace } = setup();
    await enter(pace(ALERTS));
    await post(pace(ORDERS));
    ok(pace(ALERTS).readyAtMillis('post') <= 0);
    equal(pace(ORDERS).readyAtMillis('post'), POST_INTERVAL_MILLIS);
  });

  it('applies a 429 to all channels of the token and the method, and to no other', async () => {
    const { pace } = setup();
    const turn = await enter(pace(ALERTS));
    turn.limitUntil('post', 30_000);
    turn.leave();
    equal(pace(ORDERS).readyAtMillis('post'), 30_000);
    ok(pace(ORDERS).readyAtMillis('update') <= 0);
    ok(pace(ELSEWHERE).readyAtMillis('post') <= 0);
  });

  it('applies the 429 of a webhook to its URL', async () => {
    const { pace } = setup();
    const turn = await enter(pace(HOOK));
    turn.limitUntil('post', 5_000);
    turn.leave();
    equal(pace(HOOK).readyAtMillis('post'), 5_000);
    ok(pace({ kind: 'webhook', url: 'https://hooks.slack.com/services/T0/B1/y' }).readyAtMillis('post') <= 0);
  });

  it('never shortens the limit of an earlier 429', async () => {
    const { pace } = setup();
    const turn = await enter(pace(HOOK));
    turn.limitUntil('post', 60_000);
    turn.limitUntil('post', 1_000);
    equal(pace(HOOK).readyAtMillis('post'), 60_000);
  });

  it('shares a limit for updates between all channels of a token, and halves it after a 429', async () => {
    const { clock, pace } = setup();
    let updates = 0;
    for (let second = 0; second < 60; second++) {
      const channel = pace(second % 2 ? ALERTS : ORDERS);
      while (channel.readyAtMillis('update') <= clock.monotonic()) {
        const turn = await enter(channel);
        turn.begin('update');
        turn.leave();
        updates++;
      }
      await clock.advance(1_000);
    }
    equal(updates, UPDATES_PER_MINUTE);
    await clock.advance(60_000);
    const turn = await enter(pace(ALERTS));
    turn.limitUntil('update', 0);
    let after = 0;
    while (pace(ALERTS).readyAtMillis('update') <= clock.monotonic()) {
      turn.begin('update');
      after++;
    }
    equal(after, UPDATES_PER_MINUTE / 4, 'half of the half may come at once');
    ok(pace(ELSEWHERE).readyAtMillis('update') <= 0, 'another token has its own');
  });

  it('A14: a channel that two destinations name differently is one channel as soon as Slack tells its id', async () => {
    const { clock, pace } = setup();
    const [byId, byName, byOtherName] = [
      pace(ALERTS),
      pace({ ...ALERTS, channel: '#alerts' }),
      pace({ ...ALERTS, channel: 'alerts' }),
    ];
    await post(byName);
    byName.channelIs('C0ALERTS');
    for (const each of [byId, byName]) equal(each.readyAtMillis('post'), POST_INTERVAL_MILLIS);
    ok(byOtherName.readyAtMillis('post') <= 0);
    byOtherName.channelIs('C0ALERTS');
    equal(byOtherName.readyAtMillis('post'), POST_INTERVAL_MILLIS);
    await clock.advance(POST_INTERVAL_MILLIS);
    const turn = await enter(byName);
    let isIn = false;
    void byId.enter(never).then(() => {
      isIn = true;
    });
    await clock.advance(5_000);
    equal(isIn, false, 'two requests to one channel do not overlap');
    turn.leave();
    byName.channelIs('C0ALERTS');
    ok(pace({ ...ORDERS, channel: '#orders' }).readyAtMillis('post') <= 0);
  });

  it('A14: a channel that was renamed keeps its wait', async () => {
    const { pace } = setup();
    const byName = pace({ ...ALERTS, channel: '#alerts' });
    await post(byName);
    byName.channelIs('C0NEW');
    equal(byName.readyAtMillis('post'), POST_INTERVAL_MILLIS);
  });

  it('stops waiting at once when its signal aborts, and does not block the others', async () => {
    const { clock, pace } = setup();
    const held = await enter(pace(ALERTS));
    const stop = new AbortController();
    const queued = pace(ALERTS).enter(stop.signal);
    let behind: Turn | undefined;
    void pace(ALERTS)
      .enter(never)
      .then((turn) => {
        behind = turn;
      });
    stop.abort();
    equal(await queued, undefined);
    await clock.advance(0);
    deepEqual(behind, undefined, 'the one behind still waits for the one that sends');
    held.leave();
    await clock.advance(0);
    ok(behind);
  });
});
