import { deepEqual } from 'node:assert/strict';
import { ENDPOINT_STATES, type EndpointEvent, type EndpointState } from '../../src/deliver/endpoint-states.js';
import { Health } from '../../src/deliver/health.js';
import { manualClock } from '../support/clock.js';

const MINUTE = 60_000;

/** Returns the states of an endpoint after each of these events. */
function course(...events: readonly EndpointEvent[]): readonly EndpointState[] {
  let state: EndpointState = 'ok';
  return events.map((event) => {
    state = ENDPOINT_STATES[state][event];
    return state;
  });
}

describe('the states of an endpoint', () => {
  it('one pass ends every state', () => {
    deepEqual(
      Object.values(ENDPOINT_STATES).map(({ passed }) => passed),
      ['ok', 'ok', 'ok', 'ok'],
    );
  });

  it('A1: a failure that may be the message’s makes it doubtful and no more', () => {
    deepEqual(course('doubted', 'doubted', 'doubted'), ['doubtful', 'doubtful', 'doubtful']);
  });

  it('stays blocked, whatever fails, until something passes', () => {
    const states = course('failed', 'refused', 'failed', 'doubted', 'passed');
    deepEqual(states, ['backing off', 'blocked', 'blocked', 'blocked', 'ok']);
  });
});

describe('the health of an endpoint', () => {
  function setup() {
    const clock = manualClock();
    const health = new Health({ clock, random: () => 1 });
    return { health, wait: () => Math.max(0, health.notBeforeMillis - clock.monotonic()) };
  }

  it('A1: three different messages may fail before the endpoint waits', () => {
    const { health, wait } = setup();
    const waits = ['a', 'b', 'c', 'd', 'e'].map((message) => {
      health.doubted(message, true);
      return wait();
    });
    deepEqual(waits, [0, 0, 0, 2_000, 4_000]);
    deepEqual(health.state, 'backing off');
  });

  it('A1: while other messages may pass, the wait is at most eight seconds', () => {
    const { health, wait } = setup();
    for (let at = 0; at < 20; at++) health.doubted(`${at}`, true);
    deepEqual(wait(), 8_000);
  });

  it('waits longer each time the same message fails, up to a minute', () => {
    const { health, wait } = setup();
    const waits = Array.from({ length: 8 }, () => {
      health.doubted('a', true);
      return wait();
    });
    deepEqual(waits, [0, 2_000, 4_000, 8_000, 16_000, 32_000, MINUTE, MINUTE]);
  });

  it('waits up to a minute when more than twenty different messages fail', () => {
    const { health, wait } = setup();
    for (let at = 0; at < 30; at++) health.doubted(`${at}`, true);
    deepEqual(wait(), MINUTE);
  });

  it('is tried once a minute while it is blocked', () => {
    const { health, wait } = setup();
    health.refused();
    deepEqual(wait(), MINUTE);
    health.failed();
    deepEqual([health.state, wait()], ['blocked', MINUTE]);
  });
});
