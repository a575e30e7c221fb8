import {
  copyOfStart,
  EXCEPTION_SOURCE_KEYS,
  FINGERPRINT_KEY,
  type ReadableLogRecord,
  readField,
} from '../record/index.js';
import { guarded } from '../util/index.js';
import { ownValue } from './record-size.js';

/**
 * The bounds of a cut record. They are wider than what later steps read, so that a secret at a cut is never shown, and the
 * fingerprint stays the same.
 */
const LIMITS = {
  /** The body, and the texts of the exception, in characters. */
  text: 4_000,
  /** A stack, and each nested text, because a stack may be nested. */
  stackText: 9_000,
  /** Every other attribute. */
  attributeText: 2_000,
  /** All other attributes together. Each further one is cut to `leastText`. */
  attributesText: 16_000,
  leastText: 100,
  attributes: 128,
  /** The entries of a nested map or array. */
  entries: 50,
  depth: 5,
  /** All nested values of a field together. */
  values: 200,
  /** All nested texts of a field together, in characters. */
  nestedText: 16_000,
} as const;

/**
 * Returns a copy of a large record with the beginning of each text and of each nested value. It holds no reference to the
 * large values, so that they can be freed. The record itself is unchanged, because other processors see it too.
 */
export function cutRecord(record: ReadableLogRecord): ReadableLogRecord {
  const attributes = readField(record, 'attributes') ?? {};
  return {
    hrTime: readField(record, 'hrTime') ?? [0, 0],
    ...defined('hrTimeObserved', readField(record, 'hrTimeObserved')),
    severityNumber: readField(record, 'severityNumber'),
    severityText: cutName(readField(record, 'severityText')),
    body: cutValue(readField(record, 'body'), LIMITS.text),
    eventName: cutName(readField(record, 'eventName')),
    spanContext: readField(record, 'spanContext'),
    attributes: cutAttributes(attributes),
    resource: record.resource,
    instrumentationScope: record.instrumentationScope,
  };
}

function defined<K extends string, T>(key: K, value: T | undefined): { [Key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [Key in K]: T });
}

function cutName(name: string | undefined): string | undefined {
  return typeof name === 'string' ? copyOfStart(name, LIMITS.attributeText) : name;
}

const STACK_KEYS: ReadonlySet<string> = new Set(['exception.stacktrace', 'stack']);
/** The attributes that are read by their names, wherever they stand. */
const NAMED_KEYS: ReadonlySet<string> = new Set([...EXCEPTION_SOURCE_KEYS, FINGERPRINT_KEY]);

function cutAttributes(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const cut = new Map<string, unknown>();
  let left = LIMITS.attributesText;
  const add = (key: string): void => {
    const isNamed = NAMED_KEYS.has(key);
    const otherLength = Math.max(LIMITS.leastText, Math.min(LIMITS.attributeText, left));
    const maxLength = isNamed ? (STACK_KEYS.has(key) ? LIMITS.stackText : LIMITS.text) : otherLength;
    const value = guarded(() => cutValue(attributes[key], maxLength));
    if (!isNamed && typeof value === 'string') left -= value.length;
    cut.set(copyOfStart(key, LIMITS.attributeText), value);
  };
  guarded(() => {
    for (const key in attributes) {
      if (cut.size >= LIMITS.attributes) break;
      add(key);
    }
  });
  for (const key of NAMED_KEYS) if (!cut.has(key) && readField(attributes, key) !== undefined) add(key);
  return Object.fromEntries(cut);
}

interface Budget {
  values: number;
  characters: number;
}

function cutValue(value: unknown, maxLength: number): unknown {
  if (typeof value === 'string') return copyOfStart(value, maxLength);
  return guarded(() => cutNested(value, { values: LIMITS.values, characters: LIMITS.nestedText }, 0)) ?? UNREADABLE;
}

const UNREADABLE = '[unreadable]';

function cutNested(value: unknown, budget: Budget, depth: number): unknown {
  budget.values--;
  if (typeof value === 'string') return cutText(value, budget);
  if (typeof value === 'bigint') return BigInt.asIntN(MAX_BIGINT_BITS, value) === value ? value : '[bigint]';
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (depth >= LIMITS.depth || budget.values <= 0) return Array.isArray(value) ? '[…]' : '{…}';
  return Array.isArray(value) ? cutArray(value, budget, depth) : cutMap(value, budget, depth);
}

const MAX_BIGINT_BITS = 1_024;

function cutText(text: string, budget: Budget): string {
  const start = copyOfStart(text, Math.max(1, Math.min(LIMITS.stackText, budget.characters)));
  budget.characters -= start.length;
  return start;
}

function cutArray(values: readonly unknown[], budget: Budget, depth: number): readonly unknown[] {
  const cut: unknown[] = [];
  for (let at = 0; at < values.length && at < LIMITS.entries && budget.values > 0; at++) {
    cut.push(cutNested(values[at], budget, depth + 1));
  }
  return cut;
}

function cutMap(value: object, budget: Budget, depth: number): object {
  const cut: [string, unknown][] = [];
  const add = (key: string): void => {
    cut.push([cutText(key, budget), guarded(() => cutNested(ownValue(value, key), budget, depth + 1))]);
  };
  if (value instanceof Error) for (const key of ['name', 'message', 'stack']) add(key);
  for (const key in value) {
    if (cut.length >= LIMITS.entries || budget.values <= 0) break;
    add(key);
  }
  return Object.fromEntries(cut);
}
