import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { InFlightQueue } from '../../src/gate/in-flight.js';
import { costMillis } from '../support/cost.js';

describe('the queue of records in flight', () => {
  it('removes a batch in the order of admission, and counts the rest', () => {
    const transit = new InFlightQueue<string>();
    for (const item of ['a', 'b', 'c', 'd']) transit.add(item);
    deepEqual(transit.take(['a', 'b']), ['a', 'b']);
    equal(transit.size, 2);
    deepEqual(transit.items(), ['c', 'd']);
  });

  it('returns only records that are in flight', () => {
    const transit = new InFlightQueue<string>();
    transit.add('a');
    transit.clear();
    deepEqual(transit.take(['a']), []);
    equal(transit.size, 0);
  });

  it('removes small batches from a long queue without moving the whole array each time', () => {
    const items = Array.from({ length: 200_000 }, (_, at) => ({ at }));
    const millis = costMillis(() => {
      const transit = new InFlightQueue<object>();
      for (const item of items) transit.add(item);
      for (let at = 0; at < items.length; at += 8) equal(transit.take(items.slice(at, at + 8)).length, 8);
      equal(transit.size, 0);
    }, 1);
    ok(millis < 1_000, `${millis} ms`);
  });

  it('counts exactly, whatever the order of the batches', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (items, order) => {
          const transit = new InFlightQueue<number>();
          for (const item of items) transit.add(item);
          const left = new Set(items);
          for (const pick of order) {
            const batch = [items[pick % (items.length || 1)] ?? pick, pick];
            deepEqual(new Set(transit.take(batch)), new Set(batch.filter((item) => left.has(item))));
            for (const item of batch) left.delete(item);
            equal(transit.size, left.size);
          }
          deepEqual(new Set(transit.items()), left);
        },
      ),
    );
  });
});
