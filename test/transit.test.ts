import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { Transit } from '../src/transit.js';

describe('transit', () => {
  it('takes out what comes in the order it went in, and counts the rest', () => {
    const transit = new Transit<string>();
    for (const item of ['a', 'b', 'c', 'd']) transit.add(item);
    deepEqual(transit.take(['a', 'b']), ['a', 'b']);
    equal(transit.size, 2);
    deepEqual(transit.items(), ['c', 'd']);
  });

  it('gives back only what is in transit', () => {
    const transit = new Transit<string>();
    transit.add('a');
    transit.clear();
    deepEqual(transit.take(['a']), []);
    equal(transit.size, 0);
  });

  it('counts right in whatever order batches come', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (items, order) => {
          const transit = new Transit<number>();
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
