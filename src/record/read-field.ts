import { types } from 'node:util';

/**
 * Reads a field of the app's object, behind which a getter may throw: `undefined` then. Without a closure, which would
 * cost more than the read.
 */
export function readField<T extends object, K extends keyof T>(owner: T | undefined, key: K): T[K] | undefined {
  try {
    return owner?.[key];
  } catch {
    return undefined;
  }
}

/** The time that the getters of one record may take. A getter cannot be interrupted, so the last one may take longer. */
const MAX_READING_MILLIS = 5;

/** A plain field takes less. */
const LONG_READ_MILLIS = 0.5;

/** Bounds the time that a record takes to read. The clock starts with the first question. */
export class ReadingTime {
  readonly #now: () => number;
  #askedAtMillis: number | undefined;
  #spentMillis = 0;
  /** The field that was read last; without a key, the object that was asked last. */
  #owner: object | undefined;
  #key: PropertyKey | undefined;
  #isOver = false;

  constructor(now: () => number = monotonicMillis) {
    this.#now = now;
  }

  /**
   * Whether to read a field. When the time is over, fields with a plain value are still read, because they take no time:
   * a record without getters is always complete, also when the process was paused while reading.
   */
  allows(owner: object, key: PropertyKey): boolean {
    if (this.isOver()) return isPlainField(owner, key);
    this.#remember(owner, key);
    return true;
  }

  /** Whether the time was over when somebody asked for it. */
  get wasOver(): boolean {
    return this.#isOver;
  }

  /** Whether the time is over. */
  isOver(): boolean {
    if (this.#isOver) return true;
    const nowMillis = this.#now();
    const millis = nowMillis - (this.#askedAtMillis ?? nowMillis);
    this.#askedAtMillis = nowMillis;
    // A pause of the process takes as long as a slow getter, but may follow any field.
    const isPause = millis > LONG_READ_MILLIS && this.#isPlain();
    if (!isPause) this.#spentMillis += millis;
    this.#owner = undefined;
    this.#isOver = this.#spentMillis > MAX_READING_MILLIS;
    return this.#isOver;
  }

  /** Whether the time is over, after a field was read. */
  isOverAfter(owner: object, key: PropertyKey): boolean {
    this.#remember(owner, key);
    return this.isOver();
  }

  /** Whether to ask an object for its class and its names. A proxy runs code of the app for each such question. */
  allowsQuestions(owner: object): boolean {
    if (this.isOver() && types.isProxy(owner)) return false;
    this.#remember(owner, undefined);
    return true;
  }

  #remember(owner: object, key: PropertyKey | undefined): void {
    this.#owner = owner;
    this.#key = key;
  }

  #isPlain(): boolean {
    if (this.#owner === undefined) return false;
    return this.#key === undefined ? !types.isProxy(this.#owner) : isPlainField(this.#owner, this.#key);
  }

  /** Starts the clock anew, after work that is not reading. Time that is over stays over. */
  restart(): void {
    this.#askedAtMillis = undefined;
  }
}

function monotonicMillis(): number {
  return performance.now();
}

function isPlainField(owner: object, key: PropertyKey): boolean {
  if (types.isProxy(owner)) return false;
  const descriptor = Object.getOwnPropertyDescriptor(owner, key);
  return descriptor === undefined ? !(key in owner) : 'value' in descriptor;
}

/** The names of an object's own fields. */
export interface FieldNames {
  readonly names: readonly string[];
  /** The number of further fields, counted up to {@link MAX_COUNTED_NAMES}. */
  readonly missing: number;
}

/** The counting of fields stops here. */
export const MAX_COUNTED_NAMES = 1_000;

/**
 * Returns the names of the first `max` own fields, and the number of the others. V8 lists all names of an object before it
 * gives the first one, so the time grows with the object: call this once for each object.
 */
export function firstNames(owner: object, max: number, time: ReadingTime): FieldNames {
  const names: string[] = [];
  let missing = 0;
  let visited = 0;
  const isProxy = types.isProxy(owner);
  for (const name in owner) {
    // Inherited fields are visited too, and a proxy runs code of the app for each name.
    if (++visited > MAX_COUNTED_NAMES || (isProxy && time.isOver())) break;
    if (!Object.hasOwn(owner, name)) continue;
    if (names.length < max) names.push(name);
    else missing++;
  }
  return { names, missing };
}
