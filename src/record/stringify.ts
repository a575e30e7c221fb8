import { REDACTED, type Redactor } from '../redact/index.js';
import { clean, startOf } from '../util/index.js';

/** Bounds of {@link textOfValue}. */
export interface ValueTextLimits {
  /** In characters. */
  readonly maxLength: number;
  /** The deepest level of nested maps and arrays that is written. Default: 5. */
  readonly maxDepth?: number;
  /** Redacts secrets, by their names and by their patterns. Default: nothing is redacted. */
  readonly redactor?: Redactor;
}

interface Budget {
  left: number;
  readonly maxDepth: number;
  readonly redactor: Redactor | undefined;
  readonly above: Set<object>;
}

/** The number of entries of one map or array that are written. */
const MAX_ENTRIES = 50;

/**
 * Returns any value as text, as JSON where possible. The SDK does not validate bodies and attributes, so cycles,
 * BigInts, buffers, functions and throwing getters arrive here. Never throws and never calls `toJSON`. Takes time in
 * proportion to `maxLength`, not to the size of the value.
 */
export function textOfValue(value: unknown, { maxLength, maxDepth = 5, redactor }: ValueTextLimits): string {
  if (typeof value === 'string') return startWithoutSecrets(value, maxLength, redactor);
  return copyOfStart(write(value, { left: maxLength, maxDepth, redactor, above: new Set() }, 0), maxLength);
}

/**
 * The number of characters that are read beyond a cut, because the pattern of a secret may need the text after the cut.
 */
export const READ_BEYOND_CUT = 512;

/** Returns the beginning of a text as a clean, redacted copy. */
export function redactedStart(text: string, maxLength: number, redactor: Redactor): string {
  return copyOfStart(redactor.text(clean(startOf(text, maxLength + READ_BEYOND_CUT))), maxLength);
}

function startWithoutSecrets(text: string, maxLength: number, redactor: Redactor | undefined): string {
  return redactor === undefined ? copyOfStart(text, maxLength) : redactedStart(text, maxLength, redactor);
}

/** V8 copies a shorter string instead of slicing it. */
const MIN_SLICE_LENGTH = 13;

/**
 * Returns a well-formed copy of the beginning of a string. A slice would keep the whole original string in memory.
 */
export function copyOfStart(text: string, maxLength: number): string {
  const start = startOf(text, maxLength);
  return start.length < MIN_SLICE_LENGTH ? start.toWellFormed() : Buffer.from(start, 'utf8').toString('utf8');
}

function write(value: unknown, budget: Budget, depth: number): string {
  if (budget.left <= 0) return '…';
  if (typeof value === 'object' && value !== null) return writeObject(value, budget, depth);
  const read = typeof value === 'string' ? Math.min(value.length, budget.left) : 0;
  const text = charge(scalarText(value, budget.left, budget.redactor), budget);
  // Characters that were read and not written cost a quarter.
  budget.left -= Math.floor(Math.max(0, read - text.length) / 4);
  return text;
}

/** Subtracts the text from the budget. Each value costs at least one, so that a huge nest of empty arrays ends too. */
function charge(text: string, budget: Budget): string {
  const affordable = startOf(text, Math.max(1, budget.left));
  budget.left -= affordable.length + 1;
  return affordable;
}

/** Formatting a number of a million digits takes seconds. */
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
  // Most values are shorter than any secret.
  return redactor === undefined || start.length < MIN_SECRET_LENGTH ? start : redactedStart(text, maxLength, redactor);
}

/** The shortest secret is the password of `a:b@`. */
const MIN_SECRET_LENGTH = 4;

function writeObject(value: object, budget: Budget, depth: number): string {
  if (budget.above.has(value)) return charge('[circular]', budget);
  budget.above.add(value);
  try {
    if (depth >= budget.maxDepth) return charge(Array.isArray(value) ? '[…]' : '{…}', budget);
    const text = singleValueText(value, budget);
    if (text !== undefined) return charge(text, budget);
    budget.left -= 2;
    return Array.isArray(value) ? writeArray(value, budget, depth) : writeMap(value, budget, depth);
  } catch {
    return '[unreadable]';
  } finally {
    budget.above.delete(value);
  }
}

/** Returns the text of an object that is one value and not a map, else `undefined`. */
function singleValueText(value: object, { left, redactor }: Budget): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return leafText(`${String(value.name)}: ${String(value.message)}`, left, redactor);
  if (value instanceof String) return scalarText(value.valueOf(), left, redactor);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  return undefined;
}

/**
 * Secret headers in an alternating list of names and values, such as `rawHeaders`. Only headers: other lists contain
 * ordinary words.
 */
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

/** Fields that name the secret of a neighbouring `value`, as validators write it: `{ path: 'password', value: … }`. */
const NAME_KEYS = ['name', 'key', 'path', 'param', 'field', 'property'] as const;

function isNamed(redactor: Redactor, name: unknown, value: unknown): boolean {
  return typeof name === 'string' && redactor.hides(name, value);
}

function more(missing: number): string {
  return missing > 0 ? `,…+${missing}` : '';
}
