import { BroadcastChannel, getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { guarded } from './guarded.js';

/** The first words hold when the memory was created and a random number, so that all threads choose the same one. */
const BORN_AT = 0;
const NUMBER = 1;
/** The index of the first word that the user of the memory may use. */
export const FIRST_WORD = 2;

/** A worker that starts without the memory of its parent waits for the answers of other threads, in milliseconds. */
const SETTLE_MILLIS = 1_000;

/** Memory that all threads of the process share. */
export interface ThreadMemory {
  /** The words of the memory. They may be other ones at the next call. */
  words(): BigInt64Array;
  /** {@link processMillis} from which on the memory is the same in all threads. */
  readonly settledAtMillis: number;
}

/** Returns the milliseconds of a monotonic clock that all threads share. `performance.now()` begins anew in each thread. */
export function processMillis(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/**
 * Creates or finds memory that the threads of the process share. A worker gets the memory of the thread that started it. When
 * that thread has none, the threads exchange theirs and keep the oldest one.
 * @param onReplaced - another thread has older memory: adds what is in `old` to `adopted`
 */
export function createThreadMemory(
  name: string,
  length: number,
  onReplaced: (old: BigInt64Array, adopted: BigInt64Array) => void,
): ThreadMemory {
  const given = getEnvironmentData(name);
  const isGiven = given instanceof SharedArrayBuffer;
  let words = isGiven ? new BigInt64Array(given) : newMemory(length);
  const settledAtMillis = isMainThread || isGiven ? Number.NEGATIVE_INFINITY : processMillis() + SETTLE_MILLIS;
  if (!isGiven) setEnvironmentData(name, words.buffer as never);
  guarded(() => {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: { readonly data?: unknown } = {}) => {
      if (!(data instanceof SharedArrayBuffer) || data.byteLength !== words.buffer.byteLength) return;
      const other = new BigInt64Array(data);
      const difference = compare(ageOf(other), ageOf(words));
      if (difference > 0) channel.postMessage(words.buffer);
      if (difference >= 0) return;
      onReplaced(words, other);
      words = other;
      setEnvironmentData(name, data as never);
    };
    channel.unref();
    channel.postMessage(words.buffer);
  });
  return { words: () => words, settledAtMillis };
}

function newMemory(length: number): BigInt64Array {
  const words = new BigInt64Array(new SharedArrayBuffer(length * BigInt64Array.BYTES_PER_ELEMENT));
  words[BORN_AT] = process.hrtime.bigint();
  words[NUMBER] = BigInt(Math.floor(Math.random() * 1_000));
  return words;
}

/** Memory with a smaller number is older. Two threads may create theirs in the same nanosecond. */
function ageOf(words: BigInt64Array): bigint {
  return (words[BORN_AT] ?? 0n) * 1_000n + (words[NUMBER] ?? 0n);
}

function compare(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one > other ? 1 : -1;
}
