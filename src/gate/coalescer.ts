import { EXCEPTION_SOURCE_KEYS, FINGERPRINT_KEY, type ReadableLogRecord } from '../record/index.js';
import type { InFlightQueue } from './in-flight.js';

const SLOT_BITS = 13;
const SLOTS = 2 ** SLOT_BITS;
/** 2 to the power of 32, divided by the golden ratio. */
const GOLDEN_RATIO = 0x9e3779b1;
/** The number of slots in which a key is looked for. */
const PROBES = 8;

/**
 * Counts records that equal a record in flight, instead of queuing them. The gate uses it only when many records are in
 * flight: the queue then holds one of a hundred thousand equal errors, and all of them are counted. The counts are kept
 * in the queue and not on the record, because other processors see the record too.
 *
 * A hash table of fixed size finds the position of an equal record. A position that left the queue is a free slot, so
 * nothing has to be removed. A `Map` would be built anew again and again, as its entries come and go.
 */
export class Coalescer {
  readonly #isEqual: Equality;
  readonly #inFlight: InFlightQueue<ReadableLogRecord>;
  readonly #keys = new Int32Array(SLOTS);
  readonly #positions = new Float64Array(SLOTS).fill(-1);
  /** The position that was matched last. In a storm the next record equals it too, and no key has to be built. */
  #lastPosition = -1;

  /**
   * @param inFlight - the queue of the records with which others are counted
   * @param comparesAll - compares all attributes, because the `fingerprint` option or a route may read any of them
   */
  constructor(inFlight: InFlightQueue<ReadableLogRecord>, comparesAll: boolean) {
    this.#inFlight = inFlight;
    this.#isEqual = comparesAll ? haveEqualAttributes : haveEqualSources;
  }

  /**
   * Counts a record with an equal one in flight, and returns whether there is one.
   * @param willQueue - whether the gate queues this record next if none is equal; then later ones can be counted with it
   */
  coalesce(record: ReadableLogRecord, willQueue: boolean): boolean {
    try {
      if (this.#equals(this.#lastPosition, record)) return this.#count(this.#lastPosition);
      const key = roughKeyOf(record);
      const slot = this.#slotOf(key);
      const position = this.#positions[slot] as number;
      const isTaken = this.#inFlight.at(position) !== undefined;
      if (isTaken && this.#keys[slot] === key && this.#equals(position, record)) return this.#count(position);
      if (willQueue && !isTaken) {
        this.#keys[slot] = key;
        this.#positions[slot] = this.#inFlight.nextPosition;
      }
    } catch {
      // A record that cannot be compared is not coalesced.
    }
    return false;
  }

  /** Returns the slot of the key, else a free slot, else any slot. */
  #slotOf(key: number): number {
    const start = startOf(key);
    let free = -1;
    for (let probe = 0; probe < PROBES; probe++) {
      const slot = (start + probe) & (SLOTS - 1);
      const hasKey = this.#keys[slot] === key;
      // The queue is asked only where the answer matters.
      if (!hasKey && free >= 0) continue;
      const isTaken = this.#inFlight.at(this.#positions[slot] as number) !== undefined;
      if (hasKey && isTaken) return slot;
      if (!isTaken && free < 0) free = slot;
    }
    return free < 0 ? start : free;
  }

  #equals(position: number, record: ReadableLogRecord): boolean {
    const queued = this.#inFlight.at(position);
    return queued !== undefined && isSameProblem(queued, record, this.#isEqual);
  }

  #count(position: number): true {
    this.#inFlight.addEqual(position);
    this.#lastPosition = position;
    return true;
  }
}

/** Spreads keys over the table: those of texts that differ in a number follow each other closely. */
function startOf(key: number): number {
  return Math.imul(key, GOLDEN_RATIO) >>> (32 - SLOT_BITS);
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
