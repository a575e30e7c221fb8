import { createThreadMemory, FIRST_WORD, processMillis, type ThreadMemory } from '../util/index.js';

/** The words of an entry: its key, a lock, a time, the number of requests, and the times of the last of them. */
const KEY = 0;
const LOCKED_UNTIL = 1;
const NOT_BEFORE = 2;
const REQUESTS = 3;
const FIRST_TIME = 4;

/** The number of requests whose times are stored: as many updates as a token may make in a minute. */
const TIMES = 20;
const ENTRY_LENGTH = FIRST_TIME + TIMES;
/** Channels, webhooks and methods of tokens. Those beyond are limited in their own thread only. */
const MAX_ENTRIES = 128;

/** No request takes longer. A thread that was terminated during a request holds the channel for this long, in milliseconds. */
const MAX_LOCK_MILLIS = 15_000;

/** The part of the rate limits that all threads of the process share. Times are those of `processMillis()`. */
export interface ThreadLimit {
  /** Returns before which time nothing may be sent. */
  notBeforeMillis(): number;
  /** Sends nothing before this time. An earlier time does not shorten a later one. */
  delay(untilMillis: number): void;
  /** Takes the turn if no other thread has it. Returns until when another one has it, at the latest, or `undefined`. */
  lock(): number | undefined;
  unlock(): void;
  /** Counts a request. */
  count(): void;
  /** Returns when the oldest of the last 20 requests was counted; -Infinity when there were fewer. */
  oldestMillis(): number;
}

/** Returns the shared limit with a key. `undefined`: there are too many. */
export type ThreadLimits = (key: string) => ThreadLimit | undefined;

/** Creates the limits in the memory of the process. */
export function createThreadLimits(): ThreadLimits & Pick<ThreadMemory, 'settledAtMillis'> {
  const length = FIRST_WORD + MAX_ENTRIES * ENTRY_LENGTH;
  const memory = createThreadMemory('opentelemetry-exporter-slack/limits/1', length, merge);
  const find = (key: string): ThreadLimit | undefined => {
    const id = idOf(key);
    return entryOf(memory.words(), id) === undefined ? undefined : limitOf(memory, id);
  };
  return Object.assign(find, { settledAtMillis: memory.settledAtMillis });
}

/** The keys are hashes already. 0 is the mark of a free entry. */
function idOf(key: string): bigint {
  return Buffer.from(key.padEnd(11, 'A'), 'base64url').readBigInt64LE(0) || 1n;
}

/** Returns the index of an entry, and claims a free one for a new id. */
function entryOf(words: BigInt64Array, id: bigint): number | undefined {
  const first = Number(BigInt.asUintN(32, id)) % MAX_ENTRIES;
  for (let step = 0; step < MAX_ENTRIES; step++) {
    const at = FIRST_WORD + ((first + step) % MAX_ENTRIES) * ENTRY_LENGTH;
    const found = Atomics.compareExchange(words, at + KEY, 0n, id);
    if (found === 0n || found === id) return at;
  }
  return undefined;
}

/** The entry is looked up each time, because the memory may be replaced. */
function limitOf(memory: ThreadMemory, id: bigint): ThreadLimit {
  const entry = (): readonly [words: BigInt64Array, at: number] => {
    const words = memory.words();
    return [words, entryOf(words, id) ?? FIRST_WORD];
  };
  let lockedUntil = 0n;
  return {
    notBeforeMillis() {
      const [words, at] = entry();
      return Number(Atomics.load(words, at + NOT_BEFORE));
    },
    delay(untilMillis) {
      const [words, at] = entry();
      raise(words, at + NOT_BEFORE, BigInt(Math.ceil(untilMillis)));
    },
    lock() {
      const [words, at] = entry();
      const held = Atomics.load(words, at + LOCKED_UNTIL);
      const now = BigInt(processMillis());
      if (held > now) return Number(held);
      lockedUntil = now + BigInt(MAX_LOCK_MILLIS);
      const found = Atomics.compareExchange(words, at + LOCKED_UNTIL, held, lockedUntil);
      return found === held ? undefined : Number(found);
    },
    unlock() {
      const [words, at] = entry();
      // After its time is over, another thread may have taken the lock.
      Atomics.compareExchange(words, at + LOCKED_UNTIL, lockedUntil, 0n);
    },
    count() {
      const [words, at] = entry();
      const number = Atomics.add(words, at + REQUESTS, 1n);
      Atomics.store(words, at + FIRST_TIME + Number(number % BigInt(TIMES)), BigInt(processMillis()));
    },
    oldestMillis() {
      const [words, at] = entry();
      const number = Atomics.load(words, at + REQUESTS);
      if (number < TIMES) return Number.NEGATIVE_INFINITY;
      return Number(Atomics.load(words, at + FIRST_TIME + Number(number % BigInt(TIMES))));
    },
  };
}

function raise(words: BigInt64Array, at: number, value: bigint): void {
  let known = Atomics.load(words, at);
  while (known < value) {
    const found = Atomics.compareExchange(words, at, known, value);
    if (found === known) return;
    known = found;
  }
}

/** Keeps the waits of the old memory. A lock that is held in it is given up: the threads had not met yet. */
function merge(old: BigInt64Array, adopted: BigInt64Array): void {
  for (let from = FIRST_WORD; from < old.length; from += ENTRY_LENGTH) {
    const id = old[from + KEY] ?? 0n;
    const at = id === 0n ? undefined : entryOf(adopted, id);
    if (at !== undefined) raise(adopted, at + NOT_BEFORE, old[from + NOT_BEFORE] ?? 0n);
  }
}
