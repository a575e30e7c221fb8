import type { Clock } from '../util/clock.js';

/**
 * One time limit for everything that belongs to one flush. The SDK's processor flushes its exporter once for each batch,
 * and an app that ends flushes and then shuts down: with a limit each, a Slack that hangs would be paid for several times.
 */
export interface Deadline {
  /** Begins a flush or a shutdown; gives when it must be over, in monotonic milliseconds. */
  begin(): number;
  /** It is over. `isDone`: nothing waits any more, so the next one is another flush with a limit of its own. */
  end(isDone: boolean): void;
}

/** What begins so soon after a flush that did not get everything out belongs to it. */
const SAME_FLUSH_MILLIS = 250;

/** Makes a {@link Deadline} that gives each flush `timeoutMillis`. */
export function createDeadline(clock: Clock, timeoutMillis: number): Deadline {
  let deadlineMillis = Number.NEGATIVE_INFINITY;
  let unfinishedMillis = Number.NEGATIVE_INFINITY;
  let running = 0;
  return {
    begin() {
      const now = clock.monotonic();
      const isSameFlush = running > 0 || now - unfinishedMillis < SAME_FLUSH_MILLIS;
      if (!isSameFlush) deadlineMillis = now + timeoutMillis;
      running++;
      return deadlineMillis;
    },
    end(isDone) {
      running--;
      unfinishedMillis = isDone ? Number.NEGATIVE_INFINITY : clock.monotonic();
    },
  };
}
