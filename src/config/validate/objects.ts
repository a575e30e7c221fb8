/** Checks of values that have parts: arrays and objects, and checks that are made of others. */

import { didYouMean } from '../../util/did-you-mean.js';
import { type Check, checked, OptionError, pathTo } from './scalars.js';

/** What is equal to one of these. */
export function oneOf<T extends string>(values: readonly T[]): Check<T> {
  return { expected: `one of ${values.join(', ')}`, read: (value) => values.find((each) => each === value) };
}

/** True or false. */
export const BOOLEAN: Check<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** The same, or `false` for none. */
export function orNone<T>(check: Check<T>): Check<T | false> {
  return {
    ...check,
    expected: `${check.expected}, or false`,
    read: (value, path) => (value === false ? false : check.read(value, path)),
  };
}

/** An array of `min` to `max` values, each with its own check. */
export function anArray<T>(what: string, item: Check<T>, { min, max }: ArrayBounds): Check<readonly T[]> {
  return {
    expected: `an array of ${min === 0 ? 'at most' : `${min} to`} ${max} ${what}`,
    read(values, path) {
      if (!Array.isArray(values) || values.length < min || values.length > max) return undefined;
      return Object.freeze(Array.from(values, (value, index) => checked(pathTo(path, index), value, item)));
    },
  };
}

interface ArrayBounds {
  readonly min: number;
  readonly max: number;
}

/** The checks of an object's values, by key. All may be left out. */
export type Fields<T> = { readonly [Key in keyof T]-?: Check<Exclude<T[Key], undefined>> };

/** An object that has no other keys than these. */
export function anObject<T>(expected: string, fields: Fields<T>): Check<T> {
  return {
    expected,
    read: (value, path) => (isObject(value) ? readFields(value, path, fields) : undefined),
  };
}

/** Whether it is what braces write, and not null, an array or a function. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readFields<T>(values: Readonly<Record<string, unknown>>, path: string, fields: Fields<T>): T {
  const read: Partial<T> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) read[knownKey(key, path, fields)] = checkedField(key, value, path, fields) as T[keyof T];
  }
  return Object.freeze(read as T);
}

/** Reads the value of one key. */
export function checkedField<T>(key: string, value: unknown, path: string, fields: Fields<T>): unknown {
  return checked(pathTo(path, key), value, fields[knownKey(key, path, fields)]);
}

function knownKey<T>(key: string, path: string, fields: Fields<T>): keyof T {
  if (Object.hasOwn(fields, key)) return key as keyof T;
  const known = Object.keys(fields);
  const meant = didYouMean(key, known);
  throw new OptionError(pathTo(path, key), `expected one of ${known.join(', ')}, got an option of that name${meant}`);
}

/** A check whose value becomes another. */
export function mapped<T, U>(check: Check<T>, map: (read: T) => U): Check<U> {
  return {
    ...check,
    read(value, path) {
      const read = check.read(value, path);
      return read === undefined ? undefined : map(read);
    },
  };
}

/** A check, and then a look at the whole. */
export function andThen<T>(check: Check<T>, look: (read: T, path: string) => void): Check<T> {
  return {
    ...check,
    read(value, path) {
      const read = check.read(value, path);
      if (read !== undefined) look(read, path);
      return read;
    },
  };
}

/** One value, or an array of them. */
export function oneOrMore<T>(item: Check<T>, many: string, max: number): Check<readonly T[]> {
  const array = anArray('values', item, { min: 1, max });
  return {
    expected: `${item.expected}, or ${many}`,
    read(value, path) {
      if (Array.isArray(value)) return array.read(value, path);
      const one = item.read(value, path);
      return one === undefined ? undefined : [one];
    },
  };
}
