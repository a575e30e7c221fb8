import { EXCEPTION_SOURCE_KEYS, FINGERPRINT_KEY, type ReadableLogRecord } from '../record/index.js';
import type { InFlightQueue } from './in-flight.js';

/**
 * Counts records that equal a record in flight, instead of queuing them. The gate uses it only when many records are in
 * flight: the queue then holds one of a hundred thousand equal errors, and all of them are counted. The counts are kept
 * here and not on the record, because other processors see the record too.
 */
export class Coalescer {
  readonly #isEqual: Equality;
  readonly #inFlight: InFlightQueue<ReadableLogRecord>;
  /** Positions in the queue. A `Map` of records would keep records in memory after they left the queue. */
  readonly #positionByKey = new Map<number, number>();
  readonly #coalesced = new Map<number, { readonly key: number; count: number }>();
  /** The position that was matched last. In a storm the next record equals it too, and no key has to be built. */
  #lastPosition = -1;
  #total = 0;

  /**
   * @param inFlight - the queue of the records with which others are counted
   * @param comparesAll - compares all attributes, because the `fingerprint` option or a route may read any of them
   */
  constructor(inFlight: InFlightQueue<ReadableLogRecord>, comparesAll: boolean) {
    this.#inFlight = inFlight;
    this.#isEqual = comparesAll ? haveEqualAttributes : haveEqualSources;
  }

  /** Records that are counted with a record in flight. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts a record with an equal one in flight, and returns whether there is one.
   * @param willQueue - whether the gate queues this record next if none is equal; then later ones can be counted with it
   */
  coalesce(record: ReadableLogRecord, willQueue: boolean): boolean {
    try {
      if (this.#equals(this.#lastPosition, record)) return this.#count(this.#lastPosition);
      const key = roughKeyOf(record);
      const position = this.#positionByKey.get(key);
      if (position !== undefined && this.#equals(position, record)) return this.#count(position);
      if (willQueue && position === undefined) {
        this.#positionByKey.set(key, this.#inFlight.nextPosition);
        this.#coalesced.set(this.#inFlight.nextPosition, { key, count: 0 });
      }
    } catch {
      // A record that cannot be compared is not coalesced.
    }
    return false;
  }

  #equals(position: number, record: ReadableLogRecord): boolean {
    const queued = this.#inFlight.at(position);
    return queued !== undefined && isSameProblem(queued, record, this.#isEqual);
  }

  #count(position: number): true {
    (this.#coalesced.get(position) as { count: number }).count++;
    this.#total++;
    this.#lastPosition = position;
    return true;
  }

  /** Forgets a position whose record reached `export()`. Returns how many equal records were counted with it. */
  release(position: number): number {
    const coalesced = this.#coalesced.get(position);
    if (coalesced === undefined) return 0;
    this.#coalesced.delete(position);
    this.#positionByKey.delete(coalesced.key);
    this.#total -= coalesced.count;
    return coalesced.count;
  }

  clear(): void {
    this.#lastPosition = -1;
    this.#positionByKey.clear();
    this.#coalesced.clear();
    this.#total = 0;
  }
}

type Equality = (one: ReadableLogRecord, other: ReadableLogRecord) => boolean;

/** The first characters of a text tell most records apart. */
const MAX_HASHED_CHARACTERS = 200;

/**
 * A number by which an equal record is found: a text as key would have to be built and hashed for each record. The length
 * of the stack replaces the stack, because hashing a stack is slow.
 */
function roughKeyOf({ severityNumber = 0, body, attributes }: ReadableLogRecord): number {
  const stack = attributes['exception.stacktrace'];
  let sum = typeof stack === 'string' ? stack.length : 0;
  sum = addText(sum, attributes['exception.message']);
  sum = addText(sum, attributes['exception.type']);
  return addText(sum, body) ^ severityNumber;
}

function addText(sum: number, text: unknown): number {
  if (typeof text !== 'string') return sum;
  let added = (sum * 31 + text.length) | 0;
  const end = Math.min(text.length, MAX_HASHED_CHARACTERS);
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

/** The attributes that the built-in fingerprint reads. */
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
