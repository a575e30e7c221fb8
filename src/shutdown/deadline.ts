import type { Clock } from '../util/clock.js';

/** A flush that begins this soon after an unfinished one continues it. */
const SAME_FLUSH_MILLIS = 250;

/**
 * One time limit for everything that belongs to one flush. The SDK's processor flushes its exporter once for each batch,
 * and an app that ends flushes and then shuts down: with a limit each, the app would wait several times for a Slack that
 * hangs.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #timeoutMillis: number;
  #deadlineMillis = Number.NEGATIVE_INFINITY;
  #unfinishedMillis = Number.NEGATIVE_INFINITY;
  #running = 0;

  /** @param timeoutMillis - what each flush gets, in milliseconds */
  constructor(clock: Clock, timeoutMillis: number) {
    this.#clock = clock;
    this.#timeoutMillis = timeoutMillis;
  }

  /** Begins a flush or a shutdown. Returns when it must be over, in monotonic milliseconds. */
  begin(): number {
    const now = this.#clock.monotonic();
    const isSameFlush = this.#running > 0 || now - this.#unfinishedMillis < SAME_FLUSH_MILLIS;
    if (!isSameFlush) this.#deadlineMillis = now + this.#timeoutMillis;
    this.#running++;
    return this.#deadlineMillis;
  }

  /** Ends it. `isDone`: nothing is pending, so the next flush gets a limit of its own. */
  end(isDone: boolean): void {
    this.#running--;
    this.#unfinishedMillis = isDone ? Number.NEGATIVE_INFINITY : this.#clock.monotonic();
  }
}
