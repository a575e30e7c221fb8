import type { Clock } from './clock.js';

/** The time for one slice of work, in milliseconds. The last chunk of a slice may exceed it a little. */
const SLICE_MILLIS = 3;
/** The largest number of items between two reads of the clock. Slow items are worked through one by one. */
const MAX_ITEMS = 8;
/** A chunk that takes less than this is quick, in milliseconds. */
const QUICK_MILLIS = 0.25;

/** Work that is not finished after the first slice. */
export interface Slices {
  /** Resolves when all items are worked through. */
  readonly done: Promise<void>;
  /**
   * Works through all remaining items synchronously. For the end of the process, when nothing asynchronous runs any
   * more.
   */
  finish(): void;
}

/**
 * Calls `work` with all items, a few at a time, in slices of 3 ms, so that the event loop is never blocked for longer.
 * The first slice runs synchronously. Returns `undefined` when that slice was enough; the other slices run later.
 */
export function inSlices<T>(
  items: readonly T[],
  clock: Pick<Clock, 'monotonic'>,
  work: (chunk: readonly T[]) => void,
): Slices | undefined {
  let next = 0;
  const take = (count: number): void => {
    const from = next;
    // Before the work: `finish()` may run in the middle of it, when the process ends.
    next += count;
    if (from < items.length) work(items.slice(from, next));
  };
  const takeSlice = (): void => {
    let nowMillis = clock.monotonic();
    const endMillis = nowMillis + SLICE_MILLIS;
    let count = MAX_ITEMS;
    do {
      const chunkStartMillis = nowMillis;
      take(count);
      nowMillis = clock.monotonic();
      count = nowMillis - chunkStartMillis < QUICK_MILLIS ? Math.min(2 * count, MAX_ITEMS) : 1;
    } while (next < items.length && nowMillis < endMillis);
  };
  const takeAll = async (): Promise<void> => {
    while (next < items.length) {
      await nextTurn();
      takeSlice();
    }
  };
  takeSlice();
  return next < items.length ? { done: takeAll(), finish: () => take(items.length) } : undefined;
}

/** Callers that wait for their next slice, in order of arrival. */
const waiting: (() => void)[] = [];

/**
 * Allows one slice for each turn of the event loop, shared by all exporters: several in one turn would block it for
 * longer.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(startNext);
  });
}

function startNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(startNext);
}

/** From this number of items on, a step takes more than a millisecond. */
const MANY_ITEMS = 200;

/** Yields to the event loop after a step with many items, because several steps together would block the app too long. */
export async function yieldAfter(items: number): Promise<void> {
  if (items > MANY_ITEMS) await new Promise(setImmediate);
}
