import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Destination } from '../src/message.js';
import { createPace, createPaceBook, PACE_MILLIS, type Turn, type TurnOptions } from '../src/pace.js';
import { manualClock } from './support/clock.js';

const API = 'https://slack.com/api/';
const ALERTS: Destination = { kind: 'channel', token: 'xoxb-1', channel: 'C0ALERTS', apiUrl: API };
const ORDERS: Destination = { kind: 'channel', token: 'xoxb-1', channel: 'C0ORDERS', apiUrl: API };
const ELSEWHERE: Destination = { kind: 'channel', token: 'xoxb-2', channel: 'C0ALERTS', apiUrl: API };
const HOOK: Destination = { kind: 'webhook', url: 'https://hooks.slack.com/services/T0/B0/x' };

const asap = (signal: AbortSignal): TurnOptions => ({
  notBeforeMillis: () => 0,
  patienceMillis: 365 * 86_400_000,
  signal,
});

describe('pace', () => {
  const never = new AbortController().signal;

  function setup() {
    const clock = manualClock();
    const book = createPaceBook();
    return { clock, book, pace: (destination: Destination) => createPace(destination, book, clock) };
  }

  /** A turn that is taken as soon as it can be; `at` is when. */
  function watch(turn: Promise<Turn | undefined>, clock: { monotonic(): number }) {
    const seen: { at?: number; turn?: Turn | undefined } = {};
    void turn.then((taken) => {
      seen.at = clock.monotonic();
      seen.turn = taken;
    });
    return seen;
  }

  it('lets the first request out at once', async () => {
    const { clock, pace } = setup();
    const first = watch(pace(ALERTS).turn(asap(never)), clock);
    await clock.advance(0);
    equal(first.at, 0);
  });

  it('keeps a second between an answer and the next request', async () => {
    const { clock, pace } = setup();
    const alerts = pace(ALERTS);
    const turn = await alerts.turn(asap(never));
    await clock.advance(400);
    turn?.leave();
    const next = watch(alerts.turn(asap(never)), clock);
    await clock.advance(PACE_MILLIS - 1);
    equal(next.at, undefined);
    await clock.advance(1);
    equal(next.at, 1_400);
  });

  it('never lets two requests of different senders to one channel overlap', async () => {
    const { clock, pace } = setup();
    const turn = await pace(ALERTS).turn(asap(never));
    const other = watch(pace(ALERTS).turn(asap(never)), clock);
    await clock.advance(60_000);
    equal(other.at, undefined);
    turn?.leave();
    await clock.advance(PACE_MILLIS);
    equal(other.at, 61_000);
  });

  it('lets other channels go on meanwhile', async () => {
    const { clock, pace } = setup();
    await pace(ALERTS).turn(asap(never));
    const other = watch(pace(ORDERS).turn(asap(never)), clock);
    await clock.advance(0);
    equal(other.at, 0);
  });

  it('holds a rate limit for all channels of the token, and for no other token', async () => {
    const { clock, pace } = setup();
    const turn = await pace(ALERTS).turn(asap(never));
    turn?.limitUntil(30_000);
    turn?.leave();
    const sameToken = watch(pace(ORDERS).turn(asap(never)), clock);
    const otherToken = watch(pace(ELSEWHERE).turn(asap(never)), clock);
    await clock.advance(29_999);
    deepEqual([sameToken.at, otherToken.at], [undefined, 0]);
    await clock.advance(1);
    equal(sameToken.at, 30_000);
  });

  it('holds the rate limit of a webhook for its URL', async () => {
    const { pace } = setup();
    const turn = await pace(HOOK).turn(asap(never));
    turn?.limitUntil(5_000);
    turn?.leave();
    equal(pace(HOOK).readyAtMillis(), 5_000);
    equal(pace({ kind: 'webhook', url: 'https://hooks.slack.com/services/T0/B1/y' }).readyAtMillis() > 0, false);
  });

  it('honours a limit of ninety days, for which one timer is too short', async () => {
    const { clock, pace } = setup();
    const ninetyDays = 90 * 86_400_000;
    const turn = await pace(HOOK).turn(asap(never));
    turn?.limitUntil(ninetyDays);
    turn?.leave();
    const next = watch(pace(HOOK).turn(asap(never)), clock);
    await clock.advance(ninetyDays - 1);
    equal(next.at, undefined);
    await clock.advance(1);
    equal(next.at, ninetyDays);
  });

  it('never shortens a limit that another request was told of', async () => {
    const { pace } = setup();
    const turn = await pace(HOOK).turn(asap(never));
    turn?.limitUntil(60_000);
    turn?.limitUntil(1_000);
    equal(pace(HOOK).readyAtMillis(), 60_000);
  });

  it('asks again how long to wait each time, because a limit may come while it waits', async () => {
    const { clock, pace } = setup();
    const held = await pace(ALERTS).turn(asap(never));
    held?.leave();
    const next = watch(pace(ALERTS).turn(asap(never)), clock);
    const orders = await pace(ORDERS).turn(asap(never));
    orders?.limitUntil(8_000);
    orders?.leave();
    await clock.advance(7_999);
    equal(next.at, undefined);
    await clock.advance(1);
    equal(next.at, 8_000);
  });

  it('gives up at once when it is told to, and leaves the lane to the others', async () => {
    const { clock, pace } = setup();
    const held = await pace(ALERTS).turn(asap(never));
    const stop = new AbortController();
    const queued = watch(pace(ALERTS).turn(asap(stop.signal)), clock);
    const behind = watch(pace(ALERTS).turn(asap(never)), clock);
    stop.abort();
    await clock.advance(0);
    deepEqual([queued.at, queued.turn], [0, undefined]);
    equal(behind.at, undefined, 'the one behind still waits for the one that sends');
    held?.leave();
    await clock.advance(PACE_MILLIS);
    ok(behind.turn);
  });

  it('leaves no timer behind when it gives up while it waits for the time', async () => {
    const { clock, pace } = setup();
    const held = await pace(ALERTS).turn(asap(never));
    held?.leave();
    const stop = new AbortController();
    const waiting = pace(ALERTS).turn(asap(stop.signal));
    await clock.advance(10);
    stop.abort();
    equal(await waiting, undefined);
    equal(clock.timers(), 0);
  });

  it('gives up when its patience ends, and lets the next one in', async () => {
    const { clock, pace } = setup();
    const held = await pace(HOOK).turn(asap(never));
    held?.limitUntil(90_000);
    held?.leave();
    const impatient = watch(pace(HOOK).turn({ ...asap(never), patienceMillis: 10_000 }), clock);
    const patient = watch(pace(HOOK).turn(asap(never)), clock);
    await clock.advance(90_000);
    deepEqual([impatient.at, impatient.turn, patient.at], [10_000, undefined, 90_000]);
  });
});
