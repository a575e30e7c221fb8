import assert from 'node:assert/strict';
import { DistinctValues } from '../../src/groups/distinct-values.js';

describe('seen', () => {
  it('names each value once, first come first', () => {
    const seen = new DistinctValues();
    assert.deepEqual(
      ['web-2', 'web-1', 'web-2', 'web-1', 'web-3'].map((value) => seen.add(value)),
      [true, true, false, false, true],
    );
    assert.deepEqual(seen.values(), ['web-2', 'web-1', 'web-3']);
  });

  it('takes nothing for a value', () => {
    const seen = new DistinctValues();
    assert.deepEqual([seen.add(undefined), seen.add('')], [false, false]);
    assert.deepEqual(seen.values(), []);
  });

  it('keeps fifty and says that there may be more', () => {
    const seen = new DistinctValues();
    for (let n = 0; n < 49; n++) seen.add(`${n}`);
    assert.equal(seen.isFull, false);
    assert.equal(seen.add('49'), true);
    assert.equal(seen.isFull, true);
    assert.equal(seen.add('50'), false);
    assert.equal(seen.values().length, 50);
    assert.ok(!seen.values().includes('50'));
  });

  it('gives a list that does not grow behind the reader’s back', () => {
    const seen = new DistinctValues();
    seen.add('a');
    const values = seen.values();
    seen.add('b');
    assert.deepEqual(values, ['a']);
  });
});
