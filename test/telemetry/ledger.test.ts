import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addCounts, type Counts, DROP_REASONS, Ledger, NO_COUNTS } from '../../src/telemetry/ledger.js';

const droppedOf = ({ dropped }: Counts) => Object.values(dropped).reduce((sum, records) => sum + records, 0);

describe('ledger', () => {
  it('starts at zero', () => {
    assert.deepEqual(new Ledger().counts(0), NO_COUNTS);
  });

  it('counts records by their state, and requests', () => {
    const ledger = new Ledger();
    ledger.accept(10);
    ledger.deliver(3);
    ledger.drop(2, 'rejected');
    ledger.drop(1, 'rejected');
    ledger.drop(0, 'expired');
    ledger.request();
    ledger.request();
    ledger.throttle();
    const counts = { accepted: 10, delivered: 3, pending: 4, dropped: { rejected: 3 }, requests: 2, throttled: 1 };
    assert.deepEqual(ledger.counts(4), counts);
  });

  it('returns counts that do not change later', () => {
    const ledger = new Ledger();
    ledger.drop(1, 'expired');
    const before = ledger.counts(0);
    ledger.drop(1, 'expired');
    ledger.accept(1);
    assert.deepEqual([before.dropped.expired, before.accepted], [1, 0]);
  });

  it('adds two counts, reason by reason', () => {
    const count = fc.nat(1_000);
    const counts = fc.record({
      accepted: count,
      delivered: count,
      pending: count,
      dropped: fc.dictionary(fc.constantFrom(...DROP_REASONS), count),
      requests: count,
      throttled: count,
    });
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const sum = addCounts(a, b);
        for (const key of ['accepted', 'delivered', 'pending', 'requests', 'throttled'] as const) {
          assert.equal(sum[key], a[key] + b[key]);
        }
        assert.equal(droppedOf(sum), droppedOf(a) + droppedOf(b));
        for (const reason of DROP_REASONS)
          assert.notEqual(sum.dropped[reason], 0, 'reasons that did not occur are left out');
      }),
    );
    assert.deepEqual(addCounts(NO_COUNTS, NO_COUNTS), NO_COUNTS);
  });
});
