import type { ReadableLogRecord } from '../record/otel.js';
import { EXCEPTION_SOURCE_KEYS, FINGERPRINT_KEY } from '../record/read-record.js';

/**
 * Records that ride along with an equal one in transit, as a count. Only under pressure: then the queue holds one of a
 * hundred thousand equal errors, and all of them are counted. The counts stand here and not on the record, because other
 * processors see it too.
 */
export class Coalescer {
  readonly #isEqual: Equality;
  readonly #carriers = new Map<number, ReadableLogRecord>();
  readonly #rides = new Map<ReadableLogRecord, { readonly key: number; count: number }>();
  /** The one that was joined last: in a storm the next record equals it too, and no key has to be made. */
  #last: ReadableLogRecord | undefined;
  #total = 0;

  /** @param comparesAll - the user's own `fingerprint` or a route may read any attribute, so all must be equal */
  constructor(comparesAll: boolean) {
    this.#isEqual = comparesAll ? haveEqualAttributes : haveEqualSources;
  }

  /** Records that ride. */
  get total(): number {
    return this.#total;
  }

  /** Lets a record ride with an equal one. Where there is none it may carry others from now on, and false comes back. */
  coalesce(record: ReadableLogRecord, canCarry: boolean): boolean {
    try {
      if (this.#last !== undefined && isSameProblem(this.#last, record, this.#isEqual)) return this.#ride(this.#last);
      const key = roughly(record);
      const carrier = this.#carriers.get(key);
      if (carrier !== undefined && isSameProblem(carrier, record, this.#isEqual)) return this.#ride(carrier);
      if (canCarry && carrier === undefined) {
        this.#carriers.set(key, record);
        this.#rides.set(record, { key, count: 0 });
      }
    } catch {
      // A record that cannot be compared rides with nobody.
    }
    return false;
  }

  #ride(carrier: ReadableLogRecord): true {
    (this.#rides.get(carrier) as { count: number }).count++;
    this.#total++;
    this.#last = carrier;
    return true;
  }

  /** The carrier has arrived; gives how many rode with it. */
  leave(carrier: ReadableLogRecord): number {
    const ride = this.#rides.get(carrier);
    if (ride === undefined) return 0;
    if (this.#last === carrier) this.#last = undefined;
    this.#rides.delete(carrier);
    this.#carriers.delete(ride.key);
    this.#total -= ride.count;
    return ride.count;
  }

  clear(): void {
    this.#last = undefined;
    this.#carriers.clear();
    this.#rides.clear();
    this.#total = 0;
  }
}

type Equality = (one: ReadableLogRecord, other: ReadableLogRecord) => boolean;

/** So much of a text tells most candidates apart. */
const LONGEST_LOOK = 200;

/**
 * A number that finds candidates: a text for a key would have to be made and hashed for each record. The length of a stack
 * stands for the stack.
 */
function roughly({ severityNumber = 0, body, attributes }: ReadableLogRecord): number {
  const stack = attributes['exception.stacktrace'];
  let sum = typeof stack === 'string' ? stack.length : 0;
  sum = addText(sum, attributes['exception.message']);
  sum = addText(sum, attributes['exception.type']);
  return addText(sum, body) ^ severityNumber;
}

function addText(sum: number, text: unknown): number {
  if (typeof text !== 'string') return sum;
  let added = (sum * 31 + text.length) | 0;
  const end = Math.min(text.length, LONGEST_LOOK);
  for (let at = 0; at < end; at++) added = (added * 31 + text.charCodeAt(at)) | 0;
  return added;
}

function isSameProblem(one: ReadableLogRecord, other: ReadableLogRecord, isEqual: Equality): boolean {
  return (
    one.severityNumber === other.severityNumber &&
    one.severityText === other.severityText &&
    one.eventName === other.eventName &&
    one.body === other.body &&
    one.instrumentationScope === other.instrumentationScope &&
    one.resource === other.resource &&
    isEqual(one, other)
  );
}

/** What the standard fingerprint reads of the attributes. */
const SOURCE_KEYS: readonly string[] = [...EXCEPTION_SOURCE_KEYS, FINGERPRINT_KEY];

function haveEqualSources({ attributes: one }: ReadableLogRecord, { attributes: other }: ReadableLogRecord): boolean {
  return SOURCE_KEYS.every((key) => one[key] === other[key]);
}

function haveEqualAttributes(
  { attributes: one }: ReadableLogRecord,
  { attributes: other }: ReadableLogRecord,
): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
