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
  if (typeof value === 'string') return copyOfStart(value, maxLength);
  const text = write(value, { left: maxLength, maxDepth, above: new Set() }, 0);
  return text.length > maxLength ? startOf(text, maxLength) : text;
}

/**
 * The beginning of a long string as a string of its own. A slice would keep all of the long one in memory, and half a
 * surrogate pair would break what comes after.
 */
export function copyOfStart(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return Buffer.from(startOf(text, maxLength), 'utf8').toString('utf8');
}

function write(value: unknown, budget: Budget, depth: number): string {
  if (budget.left <= 0) return '…';
  const text =
    typeof value === 'object' && value !== null ? writeObject(value, budget, depth) : writeScalar(value, budget);
  return text;
}

function writeScalar(value: unknown, budget: Budget): string {
  const text = scalarText(value, budget.left);
  budget.left -= text.length;
  return text;
}

function scalarText(value: unknown, maxLength: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(startOf(value, maxLength));
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return value.toString();
    case 'function':
      return '[function]';
    default:
      return String(value);
  }
}

function writeObject(value: object, budget: Budget, depth: number): string {
  if (budget.above.has(value)) return '[circular]';
  if (depth >= budget.maxDepth) return Array.isArray(value) ? '[…]' : '{…}';
  budget.above.add(value);
  try {
    return special(value) ?? (Array.isArray(value) ? writeArray(value, budget, depth) : writeMap(value, budget, depth));
  } catch {
    return '[unreadable]';
  } finally {
    budget.above.delete(value);
  }
}

/** Objects that are one value, not a map. */
function special(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return `${String(value.name)}: ${String(value.message)}`;
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
