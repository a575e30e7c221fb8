import assert from 'node:assert/strict';
import {
  anArray,
  anObject,
  BOOLEAN,
  checkedField,
  mapped,
  oneOf,
  oneOrMore,
  orFalse,
  refined,
} from '../../../src/config/validate/objects.js';
import { type Check, checked, OptionError, wholeNumber } from '../../../src/config/validate/scalars.js';

const NUMBER = wholeNumber(1, 9);
const NUMBERS = anArray('numbers', NUMBER, { min: 1, max: 2 });
const BOX = anObject<{ a?: number; list?: readonly number[] }>('a box', { a: NUMBER, list: NUMBERS });

function errorOf(value: unknown, check: Check<unknown>): string {
  try {
    checked('name', value, check);
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.problem;
  }
  assert.fail('it is taken');
}

describe('combined checks', () => {
  it('accept arrays of a bounded length, and name the wrong value', () => {
    assert.deepEqual(checked('name', [1, 2], NUMBERS), [1, 2]);
    assert.equal(errorOf([], NUMBERS), 'name: expected an array of 1 to 2 numbers, got an array of 0');
    assert.equal(errorOf([1, 2, 3], NUMBERS), 'name: expected an array of 1 to 2 numbers, got an array of 3');
    assert.equal(errorOf({ 0: 1 }, NUMBERS), 'name: expected an array of 1 to 2 numbers, got a value of type object');
    assert.equal(errorOf([1, 0], NUMBERS), 'name[1]: expected a whole number from 1 to 9, got 0');
    // A hole in an array is not a number.
    assert.equal(errorOf(new Array(1), NUMBERS), 'name[0]: expected a whole number from 1 to 9, got undefined');
  });

  it('accept objects, and name the wrong part', () => {
    assert.deepEqual(checked('name', { a: 1, list: [2] }, BOX), { a: 1, list: [2] });
    assert.deepEqual(checked('name', { a: undefined }, BOX), {});
    assert.equal(errorOf({ a: '1' }, BOX), 'name.a: expected a whole number from 1 to 9, got the string "1"');
    assert.equal(errorOf({ list: [1, null] }, BOX), 'name.list[1]: expected a whole number from 1 to 9, got null');
    for (const none of [[], null, 'x', () => {}]) assert.match(errorOf(none, BOX), /^name: expected a box, got /);
  });

  it('reject unknown keys with any name', () => {
    assert.equal(errorOf({ b: 1 }, BOX), 'name.b: expected one of a, list, got an unknown option');
    assert.match(errorOf({ 'b c': 1 }, BOX), /^name\["b c"\]: expected one of a, list/);
    assert.match(errorOf(JSON.parse('{"__proto__": 1}'), BOX), /^name\["__proto__"\]: expected one of/);
    assert.match(errorOf({ 'xoxb-1-2-secret': 1 }, BOX), /^name\[a name of 15 characters\]: expected one of/);
    assert.throws(
      () => checkedField('toString', 1, '', { a: NUMBER }),
      /^OptionError: opentelemetry-exporter-slack: toString: expected one of a, /,
    );
  });

  it('return frozen values', () => {
    assert.ok(Object.isFrozen(checked('name', { list: [1] }, BOX).list));
    assert.ok(Object.isFrozen(checked('name', {}, BOX)));
  });

  it('accept one value or many', () => {
    const check = oneOrMore(NUMBER, 'an array of them', 2);
    assert.deepEqual([checked('name', 5, check), checked('name', [5, 6], check)], [[5], [5, 6]]);
    assert.equal(errorOf(0, check), 'name: expected a whole number from 1 to 9, or an array of them, got 0');
    assert.equal(errorOf([5, 0], check), 'name[1]: expected a whole number from 1 to 9, got 0');
  });

  it('can be mapped, refined and switched off', () => {
    assert.equal(checked('name', false, orFalse(NUMBER)), false);
    assert.equal(errorOf(true, orFalse(NUMBER)), 'name: expected a whole number from 1 to 9, or false, got true');
    assert.equal(
      checked(
        'name',
        5,
        mapped(NUMBER, (number) => `${number}`),
      ),
      '5',
    );
    const seen: unknown[] = [];
    checked(
      'name',
      5,
      refined(NUMBER, (...all) => void seen.push(all)),
    );
    assert.deepEqual(seen, [[5, 'name']]);
    assert.equal(errorOf('c', oneOf(['a', 'b'])), 'name: expected one of a, b, got the string "c"');
    assert.deepEqual(
      [checked('name', false, BOOLEAN), errorOf(0, BOOLEAN)],
      [false, 'name: expected true or false, got 0'],
    );
  });
});
