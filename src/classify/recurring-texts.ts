/**
 * A cache of results by text, for texts of which some occur again and again and most occur once. A text is copied from
 * its second occurrence on, so a text that occurs once leaves nothing in memory, and no string of the app stays there.
 * Each text has one slot, so the memory is bounded: `slots` texts of at most `maxLength` characters.
 */
export class RecurringTexts<T> {
  readonly #compute: (text: string) => T;
  readonly #maxLength: number;
  readonly #slots: (Entry<T> | undefined)[];
  /** The hash of the last text of each slot. */
  readonly #lastHashes: Int32Array;

  /** @param slots - a power of two */
  constructor(slots: number, maxLength: number, compute: (text: string) => T) {
    this.#compute = compute;
    this.#maxLength = maxLength;
    this.#slots = new Array<Entry<T> | undefined>(slots).fill(undefined);
    this.#lastHashes = new Int32Array(slots);
  }

  /** Returns the result for a text, computed or from the cache. */
  get(text: string): T {
    if (text.length > this.#maxLength) return this.#compute(text);
    const hash = quickHash(text);
    const slot = hash & (this.#slots.length - 1);
    const cached = this.#slots[slot];
    if (cached?.text === text) return cached.result;
    const result = this.#compute(text);
    if (this.#lastHashes[slot] === hash) this.#slots[slot] = { text: copyOf(text), result };
    this.#lastHashes[slot] = hash;
    return result;
  }
}

interface Entry<T> {
  readonly text: string;
  readonly result: T;
}

/** The function of the first frame tells most stacks apart, so all of its characters count, and a few of the others. */
const FIRST_CHARACTERS = 40;
const OTHER_CHARACTERS = 16;

/** Hashes the length and some characters. Hashing a whole stack would cost as much as reading it. */
function quickHash(text: string): number {
  const firstEnd = Math.min(text.length, FIRST_CHARACTERS);
  const step = Math.ceil((text.length - firstEnd) / OTHER_CHARACTERS);
  let hash = text.length;
  for (let at = 0; at < firstEnd; at++) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  for (let at = firstEnd; at < text.length; at += step) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 8);
}

/** Returns a copy of a string. A slice would keep the whole original string in memory. */
export function copyOf(text: string): string {
  // V8 concatenates the two into a new string before it takes a slice.
  return ` ${text}`.slice(1);
}
