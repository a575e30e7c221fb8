import { type Clock, systemClock } from '../../src/util/clock.js';

/** A clock that advances only when the test advances it. */
export interface ManualClock extends Clock {
  /** Advances the time, timer by timer. The work that a timer starts runs before the next timer. */
  advance(millis: number): Promise<void>;
  /** Returns the number of active timers. */
  timers(): number;
  /** Moves the wall clock. Monotonic time is unchanged. */
  jump(millis: number): void;
}

interface Timer {
  readonly dueMillis: number;
  readonly callback: () => void;
}

/**
 * Creates a {@link ManualClock} that starts on 1 January 2026. `settled` waits for work that needs no timer, before the
 * time advances.
 */
export function manualClock(settled: () => Promise<void> = promisesSettled): ManualClock {
  const timers = new Set<Timer>();
  let elapsed = 0;
  let epoch = Date.UTC(2026, 0, 1);
  const nextTimer = (untilMillis: number): Timer | undefined =>
    [...timers].filter((timer) => timer.dueMillis <= untilMillis).sort((a, b) => a.dueMillis - b.dueMillis)[0];
  return {
    now: () => epoch + elapsed,
    monotonic: () => elapsed,
    after(millis, callback) {
      const timer = { dueMillis: elapsed + Math.max(0, millis), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(millis) {
      const until = elapsed + millis;
      await settled();
      for (let timer = nextTimer(until); timer !== undefined; timer = nextTimer(until)) {
        timers.delete(timer);
        elapsed = Math.max(elapsed, timer.dueMillis);
        timer.callback();
        await settled();
      }
      elapsed = until;
      await settled();
    },
    timers: () => timers.size,
    jump(millis) {
      epoch += millis;
    },
  };
}

/** Lets pending promises and their followers settle. */
async function promisesSettled(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** The system clock, `times` as fast. Everything but the time is real. */
export function fastClock(times: number): Clock {
  const startedAt = Date.now();
  const elapsed = (): number => performance.now() * times;
  const from = elapsed();
  return {
    now: () => startedAt + elapsed() - from,
    monotonic: elapsed,
    after(millis, callback, options) {
      return systemClock.after(millis / times, callback, options);
    },
  };
}

/** The system clock with a method to skip time. Active timers do not fire earlier. */
export function skippingClock(): Clock & { skip(millis: number): void } {
  let skipped = 0;
  return {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + skipped,
    skip(millis) {
      skipped += millis;
    },
  };
}
