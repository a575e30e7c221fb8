import assert from 'node:assert/strict';
import { RateLimits } from '../src/state/rate-limits.js';
import { fakeClock } from './support.js';

const TWO_IN_TEN_SECONDS = { count: 2, windowMillis: 10_000 };
const ONE_A_SECOND = { count: 1, windowMillis: 1_000 };

describe('inbox: rate limits', () => {
  it('allow the given number of calls in any window, for each scope separately', () => {
    const clock = fakeClock();
    const rates = new RateLimits(clock, true);
    rates.take('a', TWO_IN_TEN_SECONDS);
    clock.tick(4_000);
    assert.equal(rates.retryAfterSeconds('a', TWO_IN_TEN_SECONDS), 0);
    rates.take('a', TWO_IN_TEN_SECONDS);
    assert.equal(rates.retryAfterSeconds('a', TWO_IN_TEN_SECONDS), 6);
    assert.equal(rates.retryAfterSeconds('b', TWO_IN_TEN_SECONDS), 0);
    clock.tick(6_000);
    assert.equal(rates.retryAfterSeconds('a', TWO_IN_TEN_SECONDS), 0);
    rates.take('a', TWO_IN_TEN_SECONDS);
    assert.equal(rates.retryAfterSeconds('a', TWO_IN_TEN_SECONDS), 4, 'now the second call is the oldest');
  });

  it('round up to whole seconds, and tolerate the rounding of two clocks', () => {
    const clock = fakeClock();
    const rates = new RateLimits(clock, true);
    rates.take('a', ONE_A_SECOND);
    clock.tick(990);
    assert.equal(rates.retryAfterSeconds('a', ONE_A_SECOND), 1);
    clock.tick(6);
    assert.equal(rates.retryAfterSeconds('a', ONE_A_SECOND), 0);
  });

  it('do not block for longer than a window when the clock is set back', () => {
    const clock = fakeClock();
    const rates = new RateLimits(clock, true);
    rates.take('a', ONE_A_SECOND);
    clock.tick(-86_400_000);
    assert.equal(rates.retryAfterSeconds('a', ONE_A_SECOND), 0);
  });

  it('can be switched off', () => {
    const rates = new RateLimits(fakeClock(), false);
    rates.take('a', ONE_A_SECOND);
    assert.equal(rates.retryAfterSeconds('a', ONE_A_SECOND), 0);
  });
});
