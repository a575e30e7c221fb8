import { beginsPrivateKey, endsPrivateKey, isNamedByNeighbour, REDACTED, type Redactor } from '../redact/index.js';
import { startOf } from '../util/index.js';
import {
  type CopiedList,
  type CopiedMap,
  CopiedText,
  type Copy,
  copyValue,
  isUnread,
  MAX_ENTRIES,
  MISSING,
} from './copy-value.js';
import { MAX_COUNTED_NAMES, ReadingTime } from './read-field.js';
import { copyOfStart, redactedStart } from './redacted-start.js';

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
  readonly redactor: Redactor | undefined;
}

/**
 * Returns any value as text, as JSON where possible, without a limit for the time of its getters. Never throws and never
 * calls `toJSON`. Takes time in proportion to
 * `maxLength`, not to the size of the value.
 */
export function textOfValue(value: unknown, { maxDepth, ...limits }: ValueTextLimits): string {
  const time = new ReadingTime(() => 0);
  const copy = copyValue(value, { maxSize: limits.maxLength, time, ...(maxDepth !== undefined && { maxDepth }) });
  return textOfCopy(copy, limits);
}

/** Returns a copied value as text, like {@link textOfValue}. */
export function textOfCopy(copy: Copy, { maxLength, redactor }: Omit<ValueTextLimits, 'maxDepth'>): string {
  if (typeof copy === 'string') return startWithoutSecrets(copy, maxLength, redactor);
  return copyOfStart(write(copy, { left: maxLength, redactor }), maxLength);
}

function startWithoutSecrets(text: string, maxLength: number, redactor: Redactor | undefined): string {
  return redactor === undefined ? copyOfStart(text, maxLength) : redactedStart(text, maxLength, redactor);
}

function write(value: Copy, budget: Budget): string {
  if (budget.left <= 0) return '…';
  if (CopiedText.is(value)) return charge(copiedText(value, budget), budget);
  if (typeof value === 'object' && value !== null) {
    budget.left -= 2;
    return isList(value) ? writeList(value, budget) : writeMap(value, budget);
  }
  const read = typeof value === 'string' ? Math.min(value.length, budget.left) : 0;
  const text = charge(scalarText(value, budget.left, budget.redactor), budget);
  // Characters that were read and not written cost a quarter.
  budget.left -= Math.floor(Math.max(0, read - text.length) / 4);
  return text;
}

function isList(value: CopiedList | CopiedMap): value is CopiedList {
  return Array.isArray(value);
}

function copiedText({ text, isOfApp }: CopiedText, { left, redactor }: Budget): string {
  return isOfApp ? leafText(text, left, redactor) : text;
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

function writeList(values: CopiedList, budget: Budget): string {
  const parts: string[] = [];
  let isInKey = false;
  for (let at = 0; at < values.length && budget.left > 0; at++) {
    const isSecret = budget.redactor !== undefined && (isInKey || isNamed(budget.redactor, values, at));
    parts.push(write(isSecret && !isUnread(values[at]) ? REDACTED : values[at], budget));
    isInKey = beginsPrivateKey(values[at]) || (isInKey && !endsPrivateKey(values[at]));
  }
  return `[${parts.join(',')}${more(values.length - parts.length + (values[MISSING] ?? 0))}]`;
}

function writeMap(entries: CopiedMap, budget: Budget): string {
  const parts: string[] = [];
  const names = Object.keys(entries);
  for (const name of names) {
    if (budget.left <= 0) break;
    const text = scalarText(name, 100, budget.redactor);
    budget.left -= text.length + 2;
    const value = entries[name];
    parts.push(`${text}:${write(hides(budget.redactor, entries, name) ? REDACTED : value, budget)}`);
  }
  return `{${parts.join(',')}${moreNames(names.length - parts.length, entries[MISSING] ?? 0)}}`;
}

function isNamed(redactor: Redactor, values: CopiedList, at: number): boolean {
  const isPair = values.length === 2 && values[MISSING] === undefined;
  return at > 0 && isNamedByNeighbour({ name: values[at - 1], value: values[at], isPair }, redactor.hides);
}

function hides(redactor: Redactor | undefined, entries: CopiedMap, name: string): boolean {
  const value = entries[name];
  if (redactor === undefined || isUnread(value)) return false;
  if (redactor.hides(name, value)) return true;
  return VALUE_KEYS.has(name.toLowerCase()) && namesIn(entries).some((key) => redactor.hides(key, value));
}

/** Fields with a value that a neighbouring field names, as validators write it: `{ path: ['password'], input: … }`. */
const VALUE_KEYS: ReadonlySet<string> = new Set([
  'value',
  'values',
  'val',
  'v',
  'content',
  'data',
  'input',
  'received',
  'actual',
]);
const NAME_KEYS: ReadonlySet<string> = new Set(
  'name key path param parameter field property header label variable attribute k'.split(' '),
);

function namesIn(entries: CopiedMap): readonly string[] {
  return Object.keys(entries).flatMap((key) => {
    if (!NAME_KEYS.has(key.toLowerCase())) return [];
    const name = entries[key];
    const last = typeof name === 'object' && name !== null && Array.isArray(name) ? name.at(-1) : name;
    return typeof last === 'string' ? [last] : [];
  });
}

function more(missing: number): string {
  return missing > 0 ? `,…+${missing}` : '';
}

/** Writes the number of missing fields, which are counted only up to a bound. */
function moreNames(unwritten: number, uncopied: number): string {
  const isBound = uncopied >= MAX_COUNTED_NAMES - MAX_ENTRIES;
  return more(unwritten + uncopied) + (isBound ? ' or more' : '');
}
