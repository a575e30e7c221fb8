import { startOf } from './text.js';

/** Bounds of {@link textOfValue}. */
export interface ValueTextLimits {
  /** In characters. */
  readonly maxLength: number;
  /** How deep maps and arrays are followed. Default: 5. */
  readonly maxDepth?: number;
}

interface Budget {
  left: number;
  readonly maxDepth: number;
  readonly above: Set<object>;
}

/** How many entries of one map or array are looked at. */
const MAX_ENTRIES = 50;

/**
 * Any value as text, as JSON would write it where it can: bodies and attributes are not validated by the SDK, so cycles,
 * BigInt, buffers, functions and throwing getters arrive. Never throws, never calls `toJSON`, and takes time in
 * proportion to `maxLength`, not to the value.
 */
export function textOfValue(value: unknown, { maxLength, maxDepth = 5 }: ValueTextLimits): string {
  const text = typeof value === 'string' ? value : write(value, { left: maxLength, maxDepth, above: new Set() }, 0);
  return copyOfStart(text, maxLength);
}

/** V8 never makes a slice of a shorter string. */
const SHORTEST_SLICE = 13;

/**
 * The beginning of a string as a string of its own, well-formed. A slice, ours or the app's, would keep all of the long
 * string in memory that it is a slice of.
 */
export function copyOfStart(text: string, maxLength: number): string {
  const start = startOf(text, maxLength);
  return start.length < SHORTEST_SLICE ? start.toWellFormed() : Buffer.from(start, 'utf8').toString('utf8');
}

function write(value: unknown, budget: Budget, depth: number): string {
  if (budget.left <= 0) return '…';
  if (typeof value === 'object' && value !== null) return writeObject(value, budget, depth);
  return paid(scalarText(value, budget.left), budget);
}

/** Everything that is written costs, what is short and what holds nothing too: arrays of arrays of nothing are many. */
function paid(text: string, budget: Budget): string {
  const bought = startOf(text, Math.max(1, budget.left));
  budget.left -= bought.length + 1;
  return bought;
}

/** To write a number of a million digits takes seconds. */
const LARGEST_BIGINT = 2n ** 1_024n;

function scalarText(value: unknown, maxLength: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(startOf(value, maxLength));
    case 'bigint':
      return value < LARGEST_BIGINT && value > -LARGEST_BIGINT ? `${value}n` : '[bigint]';
    case 'symbol':
      return value.toString();
    case 'function':
      return '[function]';
    default:
      return String(value);
  }
}

function writeObject(value: object, budget: Budget, depth: number): string {
  if (budget.above.has(value)) return paid('[circular]', budget);
  budget.above.add(value);
  try {
    if (depth >= budget.maxDepth) return paid(Array.isArray(value) ? '[…]' : '{…}', budget);
    const text = special(value, budget.left);
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
function special(value: object, maxLength: number): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return `${String(value.name)}: ${startOf(String(value.message), maxLength)}`;
  if (value instanceof String) return scalarText(value.valueOf(), maxLength);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  return undefined;
}

function writeArray(values: readonly unknown[], budget: Budget, depth: number): string {
  const parts: string[] = [];
  for (let at = 0; at < values.length && at < MAX_ENTRIES && budget.left > 0; at++) {
    parts.push(write(values[at], budget, depth + 1));
  }
  return `[${parts.join(',')}${more(values.length - parts.length)}]`;
}

function writeMap(value: object, budget: Budget, depth: number): string {
  const parts: string[] = [];
  const keys = Object.keys(value);
  for (const key of keys.slice(0, MAX_ENTRIES)) {
    if (budget.left <= 0) break;
    const name = scalarText(key, 100);
    budget.left -= name.length + 2;
    parts.push(`${name}:${writeEntry(value, key, budget, depth)}`);
  }
  return `{${parts.join(',')}${more(keys.length - parts.length)}}`;
}

function writeEntry(value: object, key: string, budget: Budget, depth: number): string {
  try {
    return write((value as Record<string, unknown>)[key], budget, depth + 1);
  } catch {
    return '[unreadable]';
  }
}

function more(missing: number): string {
  return missing > 0 ? `,…+${missing}` : '';
}
