import type { Clock } from './clock.js';

/** So long the event loop is ours at a time, in milliseconds; the last few items may take a little more. */
const SLICE_MILLIS = 3;
/** Items between two looks at the clock, at most: as long as they are quick. */
const MOST_ITEMS = 8;
/** So long one look at the clock and the next may be apart for that, in milliseconds. */
const QUICK_MILLIS = 0.25;

/** Items of which a part waits for its turn. */
export interface Slices {
  /** All of them are worked through. */
  readonly done: Promise<void>;
  /** Works through all that is left at once: nothing asynchronous happens any more. */
  finish(): void;
}

/**
 * Works through all items, a few at a time, without holding up the event loop however many there are: at once as long as
 * that takes less than a slice (then it gives undefined), and the others whenever it is its turn again.
 */
export function inSlices<T>(
  items: readonly T[],
  clock: Pick<Clock, 'monotonic'>,
  work: (chunk: readonly T[]) => void,
): Slices | undefined {
  let next = 0;
  const take = (count: number): void => {
    const from = next;
    // First, because the process may end in the middle of the work.
    next += count;
    if (from < items.length) work(items.slice(from, next));
  };
  const takeSlice = (): void => {
    let nowMillis = clock.monotonic();
    const endMillis = nowMillis + SLICE_MILLIS;
    let count = MOST_ITEMS;
    do {
      const begunMillis = nowMillis;
      take(count);
      nowMillis = clock.monotonic();
      count = nowMillis - begunMillis < QUICK_MILLIS ? Math.min(2 * count, MOST_ITEMS) : 1;
    } while (next < items.length && nowMillis < endMillis);
  };
  const takeAll = async (): Promise<void> => {
    while (next < items.length) {
      await itsTurn();
      takeSlice();
    }
  };
  takeSlice();
  return next < items.length ? { done: takeAll(), finish: () => take(items.length) } : undefined;
}

/** Who waits for a slice, first come first. */
const waiting: (() => void)[] = [];

/** One slice in a turn of the event loop, whoever's: those of all exporters together would be as long as no slices at all. */
function itsTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(callNext);
  });
}

function callNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(callNext);
}
