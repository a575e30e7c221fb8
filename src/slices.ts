import type { Clock } from './clock.js';

/** So long the event loop is ours at a time, in milliseconds; the last few items may take a little more. */
const SLICE_MILLIS = 3;
/** Items between two looks at the clock, at most: as long as they are quick. */
const MOST_ITEMS = 8;
/** So long one look at the clock and the next may be apart for that, in milliseconds. */
const QUICK_MILLIS = 0.25;

/**
 * Works through all items, a few at a time, without holding up the event loop however many there are: at once as long as
 * that takes less than a slice (then it gives undefined), and the others whenever it is its turn again.
 */
export function inSlices<T>(
  items: readonly T[],
  clock: Pick<Clock, 'monotonic'>,
  work: (chunk: readonly T[]) => void,
): Promise<void> | undefined {
  const next = workSlice(items, 0, clock, work);
  return next < items.length ? workOn(items, next, clock, work) : undefined;
}

async function workOn<T>(
  items: readonly T[],
  from: number,
  clock: Pick<Clock, 'monotonic'>,
  work: (chunk: readonly T[]) => void,
): Promise<void> {
  for (let next = from; next < items.length; ) {
    await new Promise(setImmediate);
    next = workSlice(items, next, clock, work);
  }
}

/** Gives where the next slice begins. */
function workSlice<T>(
  items: readonly T[],
  from: number,
  clock: Pick<Clock, 'monotonic'>,
  work: (chunk: readonly T[]) => void,
): number {
  let nowMillis = clock.monotonic();
  const endMillis = nowMillis + SLICE_MILLIS;
  let at = from;
  let size = MOST_ITEMS;
  do {
    const begunMillis = nowMillis;
    work(items.slice(at, at + size));
    at += size;
    nowMillis = clock.monotonic();
    size = nowMillis - begunMillis < QUICK_MILLIS ? Math.min(2 * size, MOST_ITEMS) : 1;
  } while (at < items.length && nowMillis < endMillis);
  return at;
}
