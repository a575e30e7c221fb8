import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createGlob, isGlob } from '../../src/util/glob.js';
import { costMillis } from '../support/cost.js';

/** A glob, texts that match it, and texts that do not. */
const GLOBS: [string, string[], string[]][] = [
  ['pay', ['pay'], ['', 'Pay', 'payments', 'a pay']],
  ['pay*', ['pay', 'payments', 'pay*'], ['repay', 'pa', 'Payments']],
  ['*pay', ['pay', 'repay'], ['payments']],
  ['*pay*', ['pay', 'repay', 'payments', 'repayments'], ['pa y']],
  ['a*b', ['ab', 'a-b', 'abb', 'a*b'], ['a', 'b', 'ba', 'abc']],
  ['ab*ba', ['abba', 'ab-ba'], ['aba']],
  ['a*b*c', ['abc', 'aXbXc', 'abbcc'], ['acb', 'ab', 'ac']],
  ['*', ['', 'anything', '\n'], []],
  ['**a**', ['a', 'bab'], ['', 'b']],
  ['a.c?[x]', ['a.c?[x]'], ['abc?[x]', 'a.cd[x]', 'a.c?x']],
];

describe('glob', () => {
  for (const [glob, same, others] of GLOBS) {
    it(`${glob} matches ${same.map((text) => JSON.stringify(text)).join(', ')} and nothing else`, () => {
      const standsFor = createGlob(glob);
      for (const text of same) assert.equal(standsFor(text), true, text);
      for (const text of others) assert.equal(standsFor(text), false, text);
    });
  }

  it('is a text with a *', () => {
    assert.deepEqual(['a*', '*', 'a', ''].map(isGlob), [true, true, false, false]);
  });

  it('matches the same texts as the equivalent regular expression', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(few, few, (glob, text) => {
        const same = new RegExp(`^${glob.replaceAll('*', '[^]*')}$`);
        assert.equal(createGlob(glob)(text), same.test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes linear time for a text that makes backtracking slow', () => {
    const standsFor = createGlob(`${'*a'.repeat(200)}*b`);
    const text = 'a'.repeat(100_000);
    assert.equal(standsFor(text), false);
    assert.ok(costMillis(() => standsFor(text)) < 500);
  });
});
