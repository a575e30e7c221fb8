import { inspect } from 'node:util';
import { type InboxOptions, isObject } from './model/index.js';

interface Expectation {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';
const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535;
const isClock = (value: unknown): boolean => isObject(value) && typeof value.now === 'function';

function isChannel(value: unknown): boolean {
  return (
    isObject(value) && isName(value.id) && isName(value.name) && isFlag(value.isMember) && isFlag(value.isArchived)
  );
}

/** The check of each option. `FaultScript.set()` checks the fields of each fault. */
const OPTIONS: Readonly<Record<keyof InboxOptions, Expectation>> = {
  port: { expected: 'an integer from 0 to 65535', holds: isPort },
  faults: { expected: 'an array of faults', holds: Array.isArray },
  rateLimit: { expected: 'true or false', holds: isFlag },
  channels: {
    expected: 'at least one channel, each { id, name, isMember?, isArchived? }',
    holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isChannel),
  },
  scopes: { expected: 'an array of scopes', holds: (value) => Array.isArray(value) && value.every(isName) },
  token: { expected: 'a string that is not empty', holds: isName },
  clock: { expected: 'an object with now()', holds: isClock },
};

/** Throws a TypeError that names the wrong option, the expected value and the actual one. */
export function checkOptions(options: unknown): void {
  if (!isObject(options)) throw new TypeError(`startInbox: expected an object with options, got ${inspected(options)}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name))
      throw new TypeError(`${name}: startInbox has no such option; ${suggestion(name)}`);
    const { expected, holds } = OPTIONS[name as keyof InboxOptions];
    if (value !== undefined && !holds(value))
      throw new TypeError(`${name}: expected ${expected}, got ${inspected(value)}`);
  }
}

function inspected(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? 'none' : inspect(value, { depth: 1, breakLength: Infinity });
}

function suggestion(name: string): string {
  const names = Object.keys(OPTIONS);
  const [nearest] = names
    .map((each) => ({ each, distance: distance(name.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const isNear = nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(nearest.each.length / 3));
  return isNear ? `did you mean ${nearest.each}?` : `it has ${names.join(', ')}`;
}

/** The Levenshtein distance: how many letters to add, remove or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const nextRow = [at + 1];
    for (const [index, other] of [...to].entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      nextRow.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (nextRow[index] ?? 0) + 1));
    }
    row = nextRow;
  }
  return row.at(-1) ?? 0;
}
