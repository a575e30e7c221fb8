import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { REDACT } from '../../../src/config/validate/redact.js';
import { checked, OptionError } from '../../../src/config/validate/scalars.js';

function errorOf(value: unknown): string {
  try {
    checked('redact', value, REDACT);
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.problem;
  }
  assert.fail('it is taken');
}

describe('the option redact', () => {
  it('is true or false, or adds to the built-in rules', () => {
    const none = { keys: [], allowKeys: [], patterns: [] };
    assert.deepEqual(checked('redact', true, REDACT), none);
    assert.deepEqual(checked('redact', {}, REDACT), none);
    assert.deepEqual(checked('redact', { keys: undefined }, REDACT), none);
    assert.equal(checked('redact', false, REDACT), false);
    assert.deepEqual(checked('redact', { keys: [' iban '], allowKeys: ['token'] }, REDACT), {
      keys: ['iban'],
      allowKeys: ['token'],
      patterns: [],
    });
  });

  it('accepts patterns, sources of patterns, and patterns of other realms', () => {
    const foreign = runInNewContext('/b/i') as RegExp;
    assert.deepEqual(checked('redact', { patterns: [/a/g, 'a+', foreign] }, REDACT), {
      keys: [],
      allowKeys: [],
      patterns: [/a/g, /a+/, foreign],
    });
  });

  it('reports the wrong part with its path', () => {
    const whole = 'redact: expected true, false, or an object with keys, allowKeys and patterns, got ';
    assert.equal(errorOf('yes'), `${whole}the string "yes"`);
    assert.equal(errorOf(null), `${whole}null`);
    assert.equal(errorOf([]), `${whole}an array of 0`);
    assert.equal(
      errorOf({ keys: 'iban' }),
      'redact.keys: expected an array of non-empty strings, got the string "iban"',
    );
    assert.match(
      errorOf({ key: [] }),
      /^redact\.key: expected one of keys, allowKeys, patterns, got an unknown option/,
    );
    const pattern = 'expected a regular expression, or the source of one, of at most 1,000 characters, got ';
    assert.equal(errorOf({ patterns: [/a/, '('] }), `redact.patterns[1]: ${pattern}the string "("`);
    assert.equal(errorOf({ patterns: [''] }), `redact.patterns[0]: ${pattern}the string ""`);
    assert.equal(
      errorOf({ patterns: ['a'.repeat(1_001)] }),
      `redact.patterns[0]: ${pattern}a string of 1001 characters`,
    );
    assert.equal(errorOf({ patterns: [{}] }), `redact.patterns[0]: ${pattern}a value of type object`);
  });
});
