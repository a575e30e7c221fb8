import type { Clock } from '../util/index.js';

/** A flush that begins this soon after an unfinished one continues it. */
const SAME_FLUSH_MILLIS = 250;

/**
 * One deadline for everything that belongs to one flush. The SDK's processor flushes its exporter once for each batch,
 * and an app often flushes and then shuts down. With a limit for each call, the app would wait several times while Slack
 * hangs.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #timeoutMillis: number;
  #deadlineMillis = Number.NEGATIVE_INFINITY;
  #unfinishedMillis = Number.NEGATIVE_INFINITY;
  #running = 0;

  /** @param timeoutMillis - how long a flush may take, in milliseconds */
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

  /** Ends a flush. `isDone`: nothing is pending, so the next flush has its own deadline. */
  end(isDone: boolean): void {
    this.#running--;
    this.#unfinishedMillis = isDone ? Number.NEGATIVE_INFINITY : this.#clock.monotonic();
  }
}
