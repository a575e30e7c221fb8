import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Rate } from '../../src/groups/rate.js';
import { MINUTE, rateOf, SECOND } from '../support/groups.js';

describe('rate', () => {
  it('counts the records of the last minute', () => {
    const rate = new Rate();
    assert.equal(rate.perMinute(0), 0);
    rate.add(0, 3);
    rate.add(30 * SECOND, 4);
    assert.equal(rate.perMinute(30 * SECOND), 7);
    assert.equal(rate.perMinute(MINUTE - 1), 7);
  });

  it('weighs older records less, and ignores them after two minutes', () => {
    const rate = rateOf(60);
    assert.equal(rate.perMinute(MINUTE), 60);
    assert.equal(rate.perMinute(MINUTE + 15 * SECOND), 45);
    assert.equal(rate.perMinute(MINUTE + 45 * SECOND), 15);
    assert.equal(rate.perMinute(2 * MINUTE), 0);
    assert.equal(rate.perMinute(9 * MINUTE), 0);
    rate.add(MINUTE + 30 * SECOND, 6);
    assert.equal(rate.perMinute(MINUTE + 30 * SECOND), 36);
    rate.add(5 * MINUTE, 2);
    assert.equal(rate.perMinute(5 * MINUTE), 2, 'the minutes between were empty');
  });

  it('has no average in the first minute', () => {
    assert.equal(rateOf(1_000_000).hasGrownTenfold(MINUTE - 1), false);
    assert.equal(new Rate().hasGrownTenfold(0), false);
  });

  it('has grown tenfold from ten times the average on', () => {
    const rate = rateOf(20, 20, 20);
    rate.add(3 * MINUTE, 179);
    assert.equal(rate.hasGrownTenfold(3 * MINUTE + 59_999), false, '179 of 200');
    rate.add(3 * MINUTE + 59_999, 21);
    assert.equal(rate.hasGrownTenfold(3 * MINUTE + 59_999), true);
  });

  it('counts an average below one a minute as one', () => {
    const rate = rateOf(1, 1, 0, 0, 0, 0, 0, 0, 0, 9);
    assert.equal(rate.hasGrownTenfold(9 * MINUTE), false);
    rate.add(9 * MINUTE + 1, 1);
    assert.equal(rate.hasGrownTenfold(9 * MINUTE + 1), true);
  });

  it('averages about the last ten minutes', () => {
    const busy = rateOf(100, 100, 100, 100);
    busy.add(6 * MINUTE, 500);
    assert.equal(busy.hasGrownTenfold(6 * MINUTE), false, 'two quiet minutes are not the usual');
    const calm = rateOf(100, 100, 100, 100);
    calm.add(40 * MINUTE, 500);
    assert.equal(calm.hasGrownTenfold(40 * MINUTE), true);
  });

  it('has not grown in a minute without records', () => {
    const rate = rateOf(1, 1, 500);
    assert.equal(rate.hasGrownTenfold(2 * MINUTE), true);
    assert.equal(rate.hasGrownTenfold(3 * MINUTE), false);
  });

  it('once reported, is compared with its current value', () => {
    const rate = rateOf(1, 1, 500);
    rate.rebase(2 * MINUTE);
    assert.equal(rate.hasGrownTenfold(2 * MINUTE), false);
    rate.add(2 * MINUTE + 1, 4_508);
    assert.equal(rate.hasGrownTenfold(2 * MINUTE + 1), false);
    rate.add(2 * MINUTE + 2, 2);
    assert.equal(rate.hasGrownTenfold(2 * MINUTE + 2), true);
  });

  for (const startSeconds of [0, 30, 57, 59.9]) {
    it(`that stays the same has not grown, although it began ${startSeconds} s into a minute`, () => {
      const rate = new Rate();
      for (let at = startSeconds * SECOND; at < 5 * MINUTE; at += 200) {
        rate.add(at, 1);
        assert.equal(rate.hasGrownTenfold(at), false, `after ${at - startSeconds * SECOND} ms`);
      }
    });
  }

  it('is never negative and never above the records of two minutes', () => {
    const step = fc.record({ waitMillis: fc.nat(200_000), records: fc.integer({ min: 1, max: 1_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(MINUTE), (steps, startMillis) => {
        const rate = new Rate();
        const came: { readonly atMillis: number; readonly records: number }[] = [];
        let nowMillis = startMillis;
        for (const { waitMillis, records } of steps) {
          nowMillis += waitMillis;
          rate.add(nowMillis, records);
          came.push({ atMillis: nowMillis, records });
          const since = (millis: number): number =>
            came.reduce((sum, each) => (each.atMillis > nowMillis - millis ? sum + each.records : sum), 0);
          const perMinute = rate.perMinute(nowMillis);
          assert.ok(perMinute >= records && perMinute <= since(2 * MINUTE), `${perMinute}`);
        }
      }),
    );
  });
});
