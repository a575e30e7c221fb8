/** Time, handed in: whoever needs it takes it from here, so that a test can be its master. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. For showing, never for measuring: it may jump. */
  now(): number;
  /** Milliseconds that only ever grow. For measuring. */
  monotonic(): number;
  /** Calls back once after `millis`; the returned function takes that back. Keeps the process alive only with `ref`. */
  after(millis: number, callback: () => void, options?: { readonly ref?: boolean }): () => void;
}

/** setTimeout takes a signed 32-bit number of milliseconds; with more it fires at once. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(millis, callback, { ref = false } = {}) {
    const timer = setTimeout(callback, Math.min(Math.max(millis, 0), LONGEST_TIMER_MILLIS));
    if (!ref) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Options of {@link sleepUntil}. */
export interface SleepOptions {
  /** Ends the sleep early. */
  readonly signal?: AbortSignal | undefined;
  /** Keeps the process alive meanwhile. Default: false. */
  readonly ref?: boolean;
}

/**
 * Resolves when `clock.monotonic()` has reached `dueMillis` (in steps, because one timer is not enough for a month, and
 * because a timer may fire a millisecond early), or when the signal is aborted.
 */
export async function sleepUntil(clock: Clock, dueMillis: number, options: SleepOptions = {}): Promise<void> {
  const { signal, ref = false } = options;
  for (;;) {
    const left = dueMillis - clock.monotonic();
    if (left <= 0 || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.after(Math.ceil(Math.min(left, LONGEST_TIMER_MILLIS)), end, { ref });
      signal?.addEventListener('abort', end, { once: true });
    });
  }
}

/** Runs something, but waits no longer than `deadlineMillis` (monotonic); keeps the process alive meanwhile. Never rejects. */
export async function waitAtMost(clock: Clock, deadlineMillis: number, run: () => Promise<unknown>): Promise<void> {
  const settled = new AbortController();
  try {
    await Promise.race([run(), sleepUntil(clock, deadlineMillis, { signal: settled.signal, ref: true })]);
  } catch {
    // The caller asks whether the work is over, not whether it failed.
  } finally {
    settled.abort();
  }
}
