import { firstNames, ReadingTime } from './read-field.js';

/**
 * A copy of a value of the app: a plain value, a list, or a plain object. Reading it runs no code of the app.
 * Its strings are not copied.
 */
export type Copy = string | number | boolean | bigint | symbol | null | undefined | CopiedText | CopiedList | CopiedMap;

/** The text of a value that is neither a list nor a map. */
export class CopiedText {
  readonly text: string;
  /** Whether the app wrote the text, so that it may contain a secret. */
  readonly isOfApp: boolean;
  readonly #isCopied = true;

  constructor(text: string, isOfApp = false) {
    this.text = text;
    this.isOfApp = isOfApp;
  }

  /** Whether a value is a {@link CopiedText}. Unlike `instanceof`, this asks no proxy of the app. */
  static is(value: unknown): value is CopiedText {
    return typeof value === 'object' && value !== null && #isCopied in value;
  }
}

/** The key of the number of entries that were not copied. `Object.keys()` does not list it. */
export const MISSING: unique symbol = Symbol('missing');

/** The first entries of an array. */
export type CopiedList = readonly Copy[] & { readonly [MISSING]?: number };

/** The first entries of a map. */
export interface CopiedMap {
  readonly [key: string]: Copy;
  readonly [MISSING]?: number;
}

/** The limits of a copy. */
export interface CopyLimits {
  /** The number of values and characters of names that are copied. */
  readonly maxSize: number;
  /** The deepest level of nested maps and arrays that is copied. Default: 5. */
  readonly maxDepth?: number;
  /** The reading time of the record. Default: a time of its own. */
  readonly time?: ReadingTime;
  /** Fields of the value that were read before. They are not read again. */
  readonly known?: ReadonlyMap<string, unknown> | undefined;
}

/** The number of entries of one map or array that are copied. */
export const MAX_ENTRIES = 50;

const NOT_READ = new CopiedText('[not read: slow]');
/** The text of a value that throws. */
export const UNREADABLE: CopiedText = new CopiedText('[unreadable]');
const CIRCULAR = new CopiedText('[circular]');
const FUNCTION = new CopiedText('[function]');
const DEEP_LIST = new CopiedText('[…]');
const DEEP_MAP = new CopiedText('{…}');

/** Whether a value was not read, or could not be. Its text is no secret, whatever its name. */
export function isUnread(value: Copy): boolean {
  return value === NOT_READ || value === UNREADABLE;
}

/**
 * Copies a value of the app, so that each of its getters runs once. The SDK does not validate bodies and attributes, so
 * cycles, buffers, functions and throwing getters arrive here. Never throws and never calls `toJSON`.
 */
export function copyValue(value: unknown, limits: CopyLimits): Copy {
  return new Copier(limits).copy(value, 0, limits.known);
}

/** Reads a field of the app's object. A text takes the place of a field that is too slow or that throws. */
export function readEntry(owner: object, key: PropertyKey, time: ReadingTime): unknown {
  try {
    return time.allows(owner, key) ? (owner as Readonly<Record<PropertyKey, unknown>>)[key] : NOT_READ;
  } catch {
    return UNREADABLE;
  }
}

class Copier {
  #left: number;
  readonly #maxDepth: number;
  readonly #time: ReadingTime;
  readonly #above = new Set<object>();

  constructor({ maxSize, maxDepth = 5, time = new ReadingTime() }: CopyLimits) {
    this.#left = maxSize;
    this.#maxDepth = maxDepth;
    this.#time = time;
  }

  copy(value: unknown, depth: number, known?: ReadonlyMap<string, unknown>): Copy {
    this.#left--;
    if (typeof value === 'function') return FUNCTION;
    if (typeof value !== 'object' || value === null) return value as Copy;
    if (CopiedText.is(value)) return value;
    return this.#copyObject(value, depth, known);
  }

  #copyObject(value: object, depth: number, known: ReadonlyMap<string, unknown> | undefined): Copy {
    if (this.#above.has(value)) return CIRCULAR;
    if (!this.#time.allowsQuestions(value)) return NOT_READ;
    this.#above.add(value);
    try {
      const isList = Array.isArray(value);
      if (depth >= this.#maxDepth) return isList ? DEEP_LIST : DEEP_MAP;
      if (isList) return this.#copyList(value, depth);
      return this.#singleValue(value) ?? this.#copyMap(value, depth, known);
    } catch {
      return UNREADABLE;
    } finally {
      this.#above.delete(value);
    }
  }

  /** Returns the copy of an object that is one value and not a map. Calls no method that the app may have replaced. */
  #singleValue(value: object): Copy {
    if (value instanceof Date) {
      const millis = Date.prototype.getTime.call(value);
      return new CopiedText(Number.isNaN(millis) ? 'Invalid Date' : new Date(millis).toISOString());
    }
    if (value instanceof Error)
      return new CopiedText(`${this.#textIn(value, 'name')}: ${this.#textIn(value, 'message')}`, true);
    if (value instanceof String) return String.prototype.valueOf.call(value);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return new CopiedText(`[${value.byteLength} bytes]`);
    return undefined;
  }

  #textIn(owner: object, key: string): string {
    const value = readEntry(owner, key, this.#time);
    if (CopiedText.is(value)) return value.text;
    return typeof value === 'object' || typeof value === 'function' ? '' : String(value);
  }

  #copyList(values: readonly unknown[], depth: number): CopiedList {
    const length = Number(readEntry(values, 'length', this.#time)) || 0;
    const entries: Copy[] & { [MISSING]?: number } = [];
    for (let at = 0; at < length && at < MAX_ENTRIES && this.#left > 0; at++) {
      entries.push(this.copy(readEntry(values, at, this.#time), depth + 1));
    }
    if (length > entries.length) entries[MISSING] = length - entries.length;
    return entries;
  }

  #copyMap(value: object, depth: number, known: ReadonlyMap<string, unknown> | undefined): CopiedMap {
    const { names, missing } = firstNames(value, MAX_ENTRIES, this.#time);
    const entries: { [key: string]: Copy; [MISSING]?: number } = {};
    let copied = 0;
    for (const name of names) {
      if (this.#left <= 0) break;
      this.#left -= Math.min(name.length, 100);
      const entry = known?.has(name) ? known.get(name) : readEntry(value, name, this.#time);
      setEntry(entries, name, this.copy(entry, depth + 1));
      copied++;
    }
    if (names.length + missing > copied) entries[MISSING] = names.length + missing - copied;
    return entries;
  }
}

function setEntry(entries: { [key: string]: Copy }, name: string, value: Copy): void {
  // An assignment would set the prototype.
  if (name !== '__proto__') entries[name] = value;
  else Object.defineProperty(entries, name, { value, enumerable: true, configurable: true, writable: true });
}
