/** Checks of arrays and objects, and functions that combine checks. */

import { didYouMean } from '../../util/index.js';
import { type Check, checked, OptionError, pathTo } from './scalars.js';

/** Accepts one of the given values. */
export function oneOf<T extends string>(values: readonly T[]): Check<T> {
  return { expected: `one of ${values.join(', ')}`, read: (value) => values.find((each) => each === value) };
}

/** Accepts true and false. */
export const BOOLEAN: Check<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** Accepts `false`, or what `check` accepts. */
export function orFalse<T>(check: Check<T>): Check<T | false> {
  return {
    ...check,
    expected: `${check.expected}, or false`,
    read: (value, path) => (value === false ? false : check.read(value, path)),
  };
}

/** Accepts an array of `min` to `max` values, each checked by `item`. */
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

/** The checks of an object's values, by key. All keys are optional. */
export type Fields<T> = { readonly [Key in keyof T]-?: Check<Exclude<T[Key], undefined>> };

/** Accepts an object without other keys than those of `fields`. */
export function anObject<T>(expected: string, fields: Fields<T>): Check<T> {
  return {
    expected,
    read: (value, path) => (isObject(value) ? readFields(value, path, fields) : undefined),
  };
}

/** Whether a value is an object, and not null, an array or a function. */
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

/** Checks and returns the value of one key. */
export function checkedField<T>(key: string, value: unknown, path: string, fields: Fields<T>): unknown {
  return checked(pathTo(path, key), value, fields[knownKey(key, path, fields)]);
}

function knownKey<T>(key: string, path: string, fields: Fields<T>): keyof T {
  if (Object.hasOwn(fields, key)) return key as keyof T;
  const known = Object.keys(fields);
  const hint = didYouMean(key, known);
  throw new OptionError(pathTo(path, key), `expected one of ${known.join(', ')}, got an unknown option${hint}`);
}

/** Accepts what `check` accepts, and maps the result. */
export function mapped<T, U>(check: Check<T>, map: (read: T) => U): Check<U> {
  return {
    ...check,
    read(value, path) {
      const read = check.read(value, path);
      return read === undefined ? undefined : map(read);
    },
  };
}

/** Accepts what `check` accepts, unless `refine` throws for the whole value. */
export function refined<T>(check: Check<T>, refine: (read: T, path: string) => void): Check<T> {
  return {
    ...check,
    read(value, path) {
      const read = check.read(value, path);
      if (read !== undefined) refine(read, path);
      return read;
    },
  };
}

/** Accepts one value, or an array of 1 to `max` values. */
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
