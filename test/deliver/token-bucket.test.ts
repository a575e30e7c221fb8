import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TokenBucket } from '../../src/deliver/token-bucket.js';
import { MINUTE, SECOND } from '../support/groups.js';

/** Spends tokens as soon as possible for a time. Returns when each was spent. */
function spendAll(budget: TokenBucket, fromMillis: number, forMillis: number): readonly number[] {
  const times: number[] = [];
  for (let now = fromMillis; now < fromMillis + forMillis; now = Math.max(now, budget.readyAtMillis(now))) {
    if (budget.readyAtMillis(now) > now) continue;
    budget.spend(now);
    times.push(now);
    assert.ok(times.length < 10_000);
  }
  return times;
}

describe('the token bucket', () => {
  it('A3: allows half of a minute’s requests at once and spreads the others over the whole minute', () => {
    const times = spendAll(new TokenBucket(20), 0, 10 * MINUTE);
    assert.deepEqual(times.slice(0, 10), Array(10).fill(0));
    const gaps = times.slice(10).map((time, n) => time - (times[n + 9] ?? 0));
    assert.ok(Math.max(...gaps) < 6 * SECOND, `${Math.max(...gaps)} ms without a request`);
    assert.ok(times.length >= 200, `${times.length} requests in ten minutes`);
  });

  it('is full again after a minute of rest', () => {
    const budget = new TokenBucket(20);
    spendAll(budget, 0, 30 * SECOND);
    assert.deepEqual(spendAll(budget, 3 * MINUTE, 1), Array(10).fill(3 * MINUTE));
  });

  it('is ready at once while few requests are sent', () => {
    const budget = new TokenBucket(20);
    for (let now = 0; now < 10 * MINUTE; now += 7 * SECOND) {
      assert.ok(budget.readyAtMillis(now) <= now);
      budget.spend(now);
    }
  });

  it('is halved with each 429, but never to zero', () => {
    const budget = new TokenBucket(20);
    budget.halve(0);
    assert.equal(spendAll(budget, 0, 1).length, 5, 'half of ten at once');
    const least = new TokenBucket(20);
    for (let time = 0; time < 10; time++) least.halve(0);
    assert.deepEqual(spendAll(least, 0, MINUTE), [0]);
    assert.equal(least.readyAtMillis(1), MINUTE);
  });

  it('A3: goes on at half the pace after a 429, without a pause', () => {
    const budget = new TokenBucket(20);
    for (let now = 0; now < MINUTE; now += 3 * SECOND) budget.spend(now);
    budget.halve(MINUTE);
    const times = spendAll(budget, MINUTE, MINUTE);
    assert.ok((times[0] ?? Number.NaN) - MINUTE <= 6 * SECOND, `${times[0]}`);
    assert.ok(times.length >= 9 && times.length <= 11, `${times.length} requests in the minute after`);
  });

  it('grows back by one request a minute, up to its original size', () => {
    const budget = new TokenBucket(20);
    budget.halve(0);
    assert.equal(spendAll(budget, 4 * MINUTE, 1).length, 7, 'half of 14');
    assert.equal(spendAll(budget, 999 * MINUTE, 1).length, 10);
  });

  it('is halved from its current size', () => {
    const budget = new TokenBucket(20);
    budget.halve(0);
    budget.halve(4 * MINUTE);
    assert.equal(spendAll(budget, 4 * MINUTE, 1).length, 4, 'half of 7');
  });

  it('never allows more requests within a minute than its size', () => {
    const steps = fc.array(fc.nat(20_000), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), steps, (most, waits) => {
        const budget = new TokenBucket(most);
        const spent: number[] = [];
        let now = 0;
        for (const wait of waits) {
          now += wait;
          const readyAt = budget.readyAtMillis(now);
          if (readyAt > now) {
            assert.ok(readyAt <= now + MINUTE, 'a minute later it is ready in any case');
            continue;
          }
          budget.spend(now);
          spent.push(now);
          const within = spent.filter((at) => at > now - MINUTE).length;
          assert.ok(within <= most, `${within} of ${most}`);
        }
      }),
    );
  });
});
