import { equal, ok } from 'node:assert/strict';
import { createThreadLimits, type ThreadLimit } from '../../src/deliver/thread-limits.js';
import { processMillis } from '../../src/util/thread-memory.js';

describe('the limits that threads share', () => {
  let keys = 0;
  /** Two views of one new limit, as two threads have them. */
  function twoThreads(): readonly [ThreadLimit, ThreadLimit] {
    const key = Buffer.from(`limit ${keys++} of ${process.pid}`).toString('base64url').padEnd(22, 'x').slice(-22);
    const [one, other] = [createThreadLimits()(key), createThreadLimits()(key)];
    ok(one && other);
    return [one, other];
  }

  it('A14: one thread at a time has the turn, and it passes on', () => {
    const [one, other] = twoThreads();
    equal(one.lock(), undefined);
    ok((other.lock() ?? 0) > processMillis());
    other.unlock();
    ok((other.lock() ?? 0) > processMillis(), 'only its holder ends a turn');
    one.unlock();
    equal(other.lock(), undefined);
    other.unlock();
  });

  it('A14: a delay is seen by all threads, and an earlier one does not shorten it', () => {
    const [one, other] = twoThreads();
    equal(other.notBeforeMillis(), 0);
    one.delay(5_000);
    other.delay(3_000);
    equal(other.notBeforeMillis(), 5_000);
    one.delay(6_000);
    equal(other.notBeforeMillis(), 6_000);
  });

  it('A14: twenty requests of all threads together are counted', () => {
    const [one, other] = twoThreads();
    for (let at = 0; at < 19; at++) (at % 2 ? one : other).count();
    equal(one.oldestMillis(), Number.NEGATIVE_INFINITY);
    const before = processMillis();
    other.count();
    ok(one.oldestMillis() > 0 && one.oldestMillis() <= before);
  });
});
