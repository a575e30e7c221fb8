import { EXCEPTION_SOURCE_KEYS, FINGERPRINT_KEY, type ReadableLogRecord } from '../record/index.js';

/**
 * Counts records that equal a record in flight, instead of queuing them. The gate uses it only when many records are in
 * flight: the queue then holds one of a hundred thousand equal errors, and all of them are counted. The counts are kept
 * here and not on the record, because other processors see the record too.
 */
export class Coalescer {
  readonly #isEqual: Equality;
  readonly #queuedByKey = new Map<number, ReadableLogRecord>();
  readonly #coalesced = new Map<ReadableLogRecord, { readonly key: number; count: number }>();
  /** The queued record that was matched last. In a storm the next record equals it too, and no key has to be built. */
  #last: ReadableLogRecord | undefined;
  #total = 0;

  /** @param comparesAll - compares all attributes, because the `fingerprint` option or a route may read any of them */
  constructor(comparesAll: boolean) {
    this.#isEqual = comparesAll ? haveEqualAttributes : haveEqualSources;
  }

  /** Records that are counted with a record in flight. */
  get total(): number {
    return this.#total;
  }

  /**
   * Counts a record with an equal one in flight, and returns whether there is one.
   * @param willQueue - whether the gate queues this record if none is equal; then later records can be counted with it
   */
  coalesce(record: ReadableLogRecord, willQueue: boolean): boolean {
    try {
      if (this.#last !== undefined && isSameProblem(this.#last, record, this.#isEqual)) return this.#count(this.#last);
      const key = roughKeyOf(record);
      const queued = this.#queuedByKey.get(key);
      if (queued !== undefined && isSameProblem(queued, record, this.#isEqual)) return this.#count(queued);
      if (willQueue && queued === undefined) {
        this.#queuedByKey.set(key, record);
        this.#coalesced.set(record, { key, count: 0 });
      }
    } catch {
      // A record that cannot be compared is not coalesced.
    }
    return false;
  }

  #count(queued: ReadableLogRecord): true {
    (this.#coalesced.get(queued) as { count: number }).count++;
    this.#total++;
    this.#last = queued;
    return true;
  }

  /** Forgets a record that reached `export()`. Returns how many equal records were counted with it. */
  release(queued: ReadableLogRecord): number {
    const coalesced = this.#coalesced.get(queued);
    if (coalesced === undefined) return 0;
    if (this.#last === queued) this.#last = undefined;
    this.#coalesced.delete(queued);
    this.#queuedByKey.delete(coalesced.key);
    this.#total -= coalesced.count;
    return coalesced.count;
  }

  clear(): void {
    this.#last = undefined;
    this.#queuedByKey.clear();
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
