import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { InFlightQueue } from '../../src/gate/in-flight.js';
import { costMillis } from '../support/cost.js';

/** Removes a batch and returns the records of it that were in flight. */
function take<T>(queue: InFlightQueue<T>, batch: readonly T[]): readonly T[] {
  const taken: T[] = [];
  queue.take(batch, (item) => taken.push(item));
  return taken;
}

describe('the queue of records in flight', () => {
  it('removes a batch in the order of admission, and counts the rest', () => {
    const transit = new InFlightQueue<string>();
    for (const item of ['a', 'b', 'c', 'd']) transit.add(item);
    deepEqual(take(transit, ['a', 'b']), ['a', 'b']);
    equal(transit.size, 2);
    deepEqual(transit.items(), ['c', 'd']);
  });

  it('returns only records that are in flight', () => {
    const transit = new InFlightQueue<string>();
    transit.add('a');
    transit.clear();
    deepEqual(take(transit, ['a']), []);
    equal(transit.size, 0);
  });

  it('keeps the position of a record while others come and go', () => {
    const transit = new InFlightQueue<number>();
    for (let item = 0; item < 5_000; item++) {
      equal(transit.nextPosition, item);
      transit.add(item);
      if (item % 3 === 0) take(transit, [item]);
    }
    for (const item of [1, 2_000, 4_999]) equal(transit.at(item), item);
    for (const item of [0, 3, 4_998, 5_000, -1]) equal(transit.at(item), undefined);
    equal(transit.first(), 1);
  });

  it('counts equal records with the record at a position, also while it grows', () => {
    const transit = new InFlightQueue<number>();
    for (let item = 0; item < 3_000; item++) {
      transit.add(item);
      if (item % 2 === 0) transit.addEqual(item);
    }
    equal(transit.coalesced, 1_500);
    const counts: number[] = [];
    transit.take([0, 1, 2_998], (_item, count) => counts.push(count));
    deepEqual([counts, transit.coalesced], [[2, 1, 2], 1_498]);
    transit.clear();
    deepEqual([transit.size, transit.coalesced], [0, 0]);
  });

  it('removes small batches from a long queue without moving the whole array each time', () => {
    const items = Array.from({ length: 200_000 }, (_, at) => ({ at }));
    const millis = costMillis(() => {
      const transit = new InFlightQueue<object>();
      for (const item of items) transit.add(item);
      for (let at = 0; at < items.length; at += 8) equal(take(transit, items.slice(at, at + 8)).length, 8);
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
            deepEqual(new Set(take(transit, batch)), new Set(batch.filter((item) => left.has(item))));
            for (const item of batch) left.delete(item);
            equal(transit.size, left.size);
          }
          deepEqual(new Set(transit.items()), left);
        },
      ),
    );
  });
});
