import type { Redactor } from '../redact/redactor.js';
import { REDACTED } from '../redact/secret-patterns.js';
import { clean, startOf } from '../util/text.js';

/** Bounds of {@link textOfValue}. */
export interface ValueTextLimits {
  /** In characters. */
  readonly maxLength: number;
  /** How deep maps and arrays are followed. Default: 5. */
  readonly maxDepth?: number;
  /** Hides the secrets in it, by their names and by their looks. Default: none is hidden. */
  readonly redactor?: Redactor;
}

interface Budget {
  left: number;
  readonly maxDepth: number;
  readonly redactor: Redactor | undefined;
  readonly above: Set<object>;
}

/** How many entries of one map or array are looked at. */
const MAX_ENTRIES = 50;

/**
 * Any value as text, as JSON would write it where it can: bodies and attributes are not validated by the SDK, so cycles,
 * BigInt, buffers, functions and throwing getters arrive. Never throws, never calls `toJSON`, and takes time in
 * proportion to `maxLength`, not to the value.
 */
export function textOfValue(value: unknown, { maxLength, maxDepth = 5, redactor }: ValueTextLimits): string {
  if (typeof value === 'string') return shownStart(value, maxLength, redactor);
  return copyOfStart(write(value, { left: maxLength, maxDepth, redactor, above: new Set() }, 0), maxLength);
}

/** A secret that is cut is known by what comes behind the cut: so many characters more are read than are kept. */
export const READ_BEYOND_CUT = 512;

/** The beginning of a text, to be kept: a copy that is clean and has no secrets. */
export function keptStart(text: string, maxLength: number, redactor: Redactor): string {
  return copyOfStart(redactor.text(clean(startOf(text, maxLength + READ_BEYOND_CUT))), maxLength);
}

function shownStart(text: string, maxLength: number, redactor: Redactor | undefined): string {
  return redactor === undefined ? copyOfStart(text, maxLength) : keptStart(text, maxLength, redactor);
}

/** V8 never makes a slice of a shorter string. */
const MIN_SLICE_LENGTH = 13;

/**
 * The beginning of a string as a string of its own, well-formed. A slice, ours or the app's, would keep all of the long
 * string in memory that it is a slice of.
 */
export function copyOfStart(text: string, maxLength: number): string {
  const start = startOf(text, maxLength);
  return start.length < MIN_SLICE_LENGTH ? start.toWellFormed() : Buffer.from(start, 'utf8').toString('utf8');
}

function write(value: unknown, budget: Budget, depth: number): string {
  if (budget.left <= 0) return '…';
  if (typeof value === 'object' && value !== null) return writeObject(value, budget, depth);
  const read = typeof value === 'string' ? Math.min(value.length, budget.left) : 0;
  const text = paid(scalarText(value, budget.left, budget.redactor), budget);
  // What nobody sees was read all the same, which is cheaper than to write it.
  budget.left -= Math.floor(Math.max(0, read - text.length) / 4);
  return text;
}

/** Everything that is written costs, what is short and what holds nothing too: arrays of arrays of nothing are many. */
function paid(text: string, budget: Budget): string {
  const bought = startOf(text, Math.max(1, budget.left));
  budget.left -= bought.length + 1;
  return bought;
}

/** To write a number of a million digits takes seconds. */
const LARGEST_BIGINT = 2n ** 1_024n;

function scalarText(value: unknown, maxLength: number, redactor: Redactor | undefined): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(leafText(value, maxLength, redactor));
    case 'bigint':
      return value < LARGEST_BIGINT && value > -LARGEST_BIGINT
        ? `${leafText(String(value), maxLength, redactor)}n`
        : '[bigint]';
    case 'function':
      return '[function]';
    default:
      return leafText(String(value), maxLength, redactor);
  }
}

function leafText(text: string, maxLength: number, redactor: Redactor | undefined): string {
  const start = startOf(text, maxLength);
  // No secret is shorter, and most leaves are.
  return redactor === undefined || start.length < MIN_SECRET_LENGTH ? start : keptStart(text, maxLength, redactor);
}

/** `a:b@` */
const MIN_SECRET_LENGTH = 4;

function writeObject(value: object, budget: Budget, depth: number): string {
  if (budget.above.has(value)) return paid('[circular]', budget);
  budget.above.add(value);
  try {
    if (depth >= budget.maxDepth) return paid(Array.isArray(value) ? '[…]' : '{…}', budget);
    const text = special(value, budget);
    if (text !== undefined) return paid(text, budget);
    budget.left -= 2;
    return Array.isArray(value) ? writeArray(value, budget, depth) : writeMap(value, budget, depth);
  } catch {
    return '[unreadable]';
  } finally {
    budget.above.delete(value);
  }
}

/** Objects that are one value, not a map. */
function special(value: object, { left, redactor }: Budget): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return leafText(`${String(value.name)}: ${String(value.message)}`, left, redactor);
  if (value instanceof String) return scalarText(value.valueOf(), left, redactor);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  return undefined;
}

/** In a list of names and values, such as `rawHeaders`. Words that are no headers stand in lists of words too. */
const HEADER = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-(?:api-key|auth-token))$/i;

function writeArray(values: readonly unknown[], budget: Budget, depth: number): string {
  const parts: string[] = [];
  for (let at = 0; at < values.length && at < MAX_ENTRIES && budget.left > 0; at++) {
    const isSecret = budget.redactor !== undefined && at > 0 && HEADER.test(String(values[at - 1]));
    parts.push(write(isSecret ? REDACTED : values[at], budget, depth + 1));
  }
  return `[${parts.join(',')}${more(values.length - parts.length)}]`;
}

function writeMap(value: object, budget: Budget, depth: number): string {
  const parts: string[] = [];
  const keys = Object.keys(value);
  for (const key of keys.slice(0, MAX_ENTRIES)) {
    if (budget.left <= 0) break;
    const name = scalarText(key, 100, budget.redactor);
    budget.left -= name.length + 2;
    parts.push(`${name}:${writeEntry(value as Readonly<Record<string, unknown>>, key, budget, depth)}`);
  }
  return `{${parts.join(',')}${more(keys.length - parts.length)}}`;
}

function writeEntry(entries: Readonly<Record<string, unknown>>, key: string, budget: Budget, depth: number): string {
  try {
    const value = entries[key];
    return write(hides(budget.redactor, entries, key, value) ? REDACTED : value, budget, depth + 1);
  } catch {
    return '[unreadable]';
  }
}

function hides(
  redactor: Redactor | undefined,
  entries: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): boolean {
  if (redactor === undefined) return false;
  return (
    redactor.hides(key, value) || (key === 'value' && NAME_KEYS.some((name) => isNamed(redactor, entries[name], value)))
  );
}

/** What validators and lists of headers write: `{ path: 'password', value: … }`. */
const NAME_KEYS = ['name', 'key', 'path', 'param', 'field', 'property'] as const;

function isNamed(redactor: Redactor, name: unknown, value: unknown): boolean {
  return typeof name === 'string' && redactor.hides(name, value);
}

function more(missing: number): string {
  return missing > 0 ? `,…+${missing}` : '';
}
