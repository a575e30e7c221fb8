import assert from 'node:assert/strict';
import { DistinctValues } from '../../src/groups/distinct-values.js';

describe('distinct values', () => {
  it('contain each value once, in order of arrival', () => {
    const seen = new DistinctValues();
    assert.deepEqual(
      ['web-2', 'web-1', 'web-2', 'web-1', 'web-3'].map((value) => seen.add(value)),
      [true, true, false, false, true],
    );
    assert.deepEqual(seen.values(), ['web-2', 'web-1', 'web-3']);
  });

  it('ignore undefined and empty values', () => {
    const seen = new DistinctValues();
    assert.deepEqual([seen.add(undefined), seen.add('')], [false, false]);
    assert.deepEqual(seen.values(), []);
  });

  it('are at most fifty, and then full', () => {
    const seen = new DistinctValues();
    for (let n = 0; n < 49; n++) seen.add(`${n}`);
    assert.equal(seen.isFull, false);
    assert.equal(seen.add('49'), true);
    assert.equal(seen.isFull, true);
    assert.equal(seen.add('50'), false);
    assert.equal(seen.values().length, 50);
    assert.ok(!seen.values().includes('50'));
  });

  it('are returned as a copy', () => {
    const seen = new DistinctValues();
    seen.add('a');
    const values = seen.values();
    seen.add('b');
    assert.deepEqual(values, ['a']);
  });
});
