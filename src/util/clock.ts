import { whenSettled } from './settled.js';

/** The source of time. It is passed in as a parameter, so that a test can control the time. */
export interface Clock {
  /**
   * Wall-clock time in milliseconds since 1970. Use it to show a time, never to measure one: the wall clock can jump.
   */
  now(): number;
  /** Monotonic time in milliseconds: it never goes back. Use it to measure. */
  monotonic(): number;
  /**
   * Calls `callback` once after `millis`. Returns a function that cancels the call. The timer keeps the process alive
   * only with `ref: true`.
   */
  after(millis: number, callback: () => void, options?: { readonly ref?: boolean }): () => void;
}

/** The largest delay of `setTimeout`, a signed 32-bit number. A larger delay fires at once. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(millis, callback, { ref = false } = {}) {
    const timer = setTimeout(callback, Math.min(Math.max(millis, 0), MAX_TIMER_MILLIS));
    if (!ref) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Options of {@link sleepUntil}. */
export interface SleepOptions {
  /** Ends the sleep early. */
  readonly signal?: AbortSignal | undefined;
  /** Keeps the process alive during the sleep. Default: false. */
  readonly ref?: boolean;
}

/**
 * Resolves when `clock.monotonic()` has reached `dueMillis`, or when the signal is aborted. Several timers may be
 * needed: one timer covers 24 days at most, and a timer may fire a millisecond early.
 */
export async function sleepUntil(clock: Clock, dueMillis: number, options: SleepOptions = {}): Promise<void> {
  const { signal, ref = false } = options;
  for (;;) {
    const remainingMillis = dueMillis - clock.monotonic();
    if (remainingMillis <= 0 || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = clock.after(Math.ceil(Math.min(remainingMillis, MAX_TIMER_MILLIS)), wake, { ref });
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

/**
 * Calls `run` and waits until its promise settles, but not beyond `dueMillis` (monotonic time). Keeps the process alive
 * during the wait, unless `ref` is false. Never rejects. Leaves nothing behind at a promise that stays pending.
 */
export async function waitAtMost(
  clock: Clock,
  dueMillis: number,
  run: () => PromiseLike<unknown>,
  { ref = true, signal }: SleepOptions = {},
): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  const stopWaiting = whenSettled(started(run), end);
  await sleepUntil(clock, dueMillis, { signal: over.signal, ref });
  stopWaiting();
  signal?.removeEventListener('abort', end);
}

function started(run: () => PromiseLike<unknown>): PromiseLike<unknown> {
  try {
    return run();
  } catch {
    // The caller waits for the end of the work, whether it succeeded or failed.
    return Promise.resolve();
  }
}
