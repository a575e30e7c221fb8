import { type Clock, systemClock } from '../../src/util/clock.js';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Moves time on, timer by timer, and lets what they wake up run before the next one. */
  advance(millis: number): Promise<void>;
  /** Timers that wait. */
  timers(): number;
  /** Lets the wall clock jump; measured time does not notice. */
  jump(millis: number): void;
}

interface Timer {
  readonly dueMillis: number;
  readonly callback: () => void;
}

/**
 * Makes a {@link ManualClock} that starts on 1 January 2026. `settled`: waits for what needs no time of this clock, before
 * time moves on.
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

/** Lets everything run that needs no time: promises, and promises of promises. */
async function promisesSettled(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** The process's clock, so many times as fast: what takes ten seconds is over in one, and everything else is real. */
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

/** The process's clock, on which time can be left out. Timers that wait are not woken by that. */
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
