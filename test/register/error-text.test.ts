import assert from 'node:assert/strict';
import { format } from 'node:util';
import { parseErrorText } from '../../src/register/error-text.js';

describe('an error that is logged as text', () => {
  const read = (text: string) => {
    const written = parseErrorText(text);
    return written && [written.before, written.type, written.message];
  };

  it('is found as a stack, and in the output of util.format()', () => {
    assert.deepEqual(read(new TypeError('no funds').stack ?? ''), ['', 'TypeError', 'no funds']);
    assert.deepEqual(read(format('charge failed:', new TypeError('no funds'))), [
      'charge failed',
      'TypeError',
      'no funds',
    ]);
    class CartError extends Error {
      override readonly name = 'CartError';
    }
    assert.deepEqual(read(format('cart 88', new CartError('it is\nempty'))), ['cart 88', 'CartError', 'it is\nempty']);
    assert.deepEqual(read(new Error('').stack ?? ''), ['', 'Error', '']);
    const coded = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    assert.deepEqual(read(format(coded)), ['', 'Error', 'refused']);
  });

  it('has a stack that begins with the name of the error', () => {
    const { stack = '' } = new RangeError('too far');
    assert.equal(parseErrorText(`late: ${stack}`)?.stack, stack);
  });

  it('is not found in a text without one', () => {
    const texts = [
      'Error: no stack',
      'Trace: here\n    at f (a.js:1:1)',
      'look\n    at the moon',
      '',
      'x'.repeat(100_000),
    ];
    for (const text of texts) assert.equal(parseErrorText(text), undefined, text.slice(0, 40));
  });

  it('is found in linear time', () => {
    const hostile = `${'Error: '.repeat(5_000)}\n    at `;
    const startedAt = performance.now();
    parseErrorText(hostile);
    parseErrorText(`${' '.repeat(32_000)}\n    at `);
    assert.ok(performance.now() - startedAt < 500);
  });
});
