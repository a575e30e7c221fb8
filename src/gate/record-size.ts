import type { ReadableLogRecord } from '../record/index.js';

/** Two bytes a character: V8 needs one or two, and does not tell which. */
const BYTES_PER_CHARACTER = 2;
/** The size of a record that cannot be measured completely: it has too many values, or reading it throws. */
const UNKNOWN_BYTES = 1_048_576;
/** The number of nested values that are measured. The measure runs in the app's own call. */
const MAX_STEPS = 200;

/**
 * Returns about how many bytes the texts of a record occupy at most: its body and its attributes, at one level. It runs
 * for each record, so it allocates nothing.
 *
 * @param measuresNested - also measures nested values, which takes longer
 */
export function bytesOf(record: ReadableLogRecord, measuresNested: boolean): number {
  try {
    const { body, attributes, eventName, severityText } = record;
    let characters = (eventName?.length ?? 0) + (severityText?.length ?? 0);
    let nested = 0;
    if (typeof body === 'string') characters += body.length;
    else if (measuresNested && typeof body === 'object') nested += nestedBytes(body);
    for (const key in attributes) {
      const value = attributes[key];
      if (typeof value === 'string') characters += value.length;
      else if (measuresNested && typeof value === 'object') nested += nestedBytes(value);
    }
    return characters * BYTES_PER_CHARACTER + nested;
  } catch {
    return UNKNOWN_BYTES;
  }
}

interface Budget {
  steps: number;
}

function nestedBytes(value: object | null): number {
  const budget = { steps: MAX_STEPS };
  const bytes = value === null ? 0 : objectBytes(value, budget);
  return budget.steps > 0 ? bytes : bytes + UNKNOWN_BYTES;
}

function objectBytes(value: object, budget: Budget): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (value instanceof Map || value instanceof Set) return value.size > 0 ? UNKNOWN_BYTES : 0;
  let bytes = 0;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && budget.steps > 0; at++) bytes += valueBytes(value[at], budget);
    return bytes;
  }
  if (value instanceof Error) bytes += errorBytes(value, budget);
  for (const key in value) {
    if (budget.steps <= 0) break;
    bytes += valueBytes(ownValue(value, key), budget) + key.length * BYTES_PER_CHARACTER;
  }
  return bytes;
}

/** The message and the stack of an error are not enumerable. */
function errorBytes(error: Error, budget: Budget): number {
  return valueBytes(ownValue(error, 'message'), budget) + valueBytes(ownValue(error, 'stack'), budget);
}

function valueBytes(value: unknown, budget: Budget): number {
  budget.steps--;
  if (typeof value === 'string') return value.length * BYTES_PER_CHARACTER;
  // A number with this many digits is found only by writing them.
  if (typeof value === 'bigint') return value > LARGE_BIGINT || value < -LARGE_BIGINT ? UNKNOWN_BYTES : 0;
  return typeof value === 'object' && value !== null && budget.steps > 0 ? objectBytes(value, budget) : 0;
}

const LARGE_BIGINT = 2n ** 1_024n;

/** Returns the value of a property, and `undefined` for a getter: it may take long, and must not run in the app's own call. */
export function ownValue(owner: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(owner, key)?.value;
}
