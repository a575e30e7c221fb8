import { type Clock, processMillis, sleepUntil } from '../util/index.js';
import type { ThreadLimit } from './thread-limits.js';

/** How often a thread looks whether another one has ended its turn, in milliseconds. */
const POLL_MILLIS = 20;

/** A limit of all threads, in the monotonic time of this thread's clock. Without one, it limits nothing. */
export class SharedLimit {
  readonly #limit: ThreadLimit | undefined;
  readonly #settledAtMillis: number;
  readonly #clock: Clock;

  /** @param settledAtMillis - the time from which on the threads know of each other, in `processMillis()` */
  constructor(limit: ThreadLimit | undefined, settledAtMillis: number, clock: Clock) {
    this.#limit = limit;
    this.#settledAtMillis = settledAtMillis;
    this.#clock = clock;
  }

  notBeforeMillis(): number {
    return this.#fromProcess(this.#limit?.notBeforeMillis() ?? Number.NEGATIVE_INFINITY);
  }

  /** Returns when the oldest of the last 20 requests was counted. */
  oldestMillis(): number {
    return this.#fromProcess(this.#limit?.oldestMillis() ?? Number.NEGATIVE_INFINITY);
  }

  delay(untilMillis: number): void {
    this.#limit?.delay(processMillis() + untilMillis - this.#clock.monotonic());
  }

  count(): void {
    this.#limit?.count();
  }

  /** Waits until no other thread has the turn, and takes it. Ends early when the signal aborts. */
  async lock(signal: AbortSignal): Promise<void> {
    if (this.#limit === undefined) return;
    if (processMillis() < this.#settledAtMillis)
      await sleepUntil(this.#clock, this.#fromProcess(this.#settledAtMillis), { signal });
    while (!signal.aborted && this.#limit.lock() !== undefined)
      await sleepUntil(this.#clock, this.#clock.monotonic() + POLL_MILLIS, { signal });
  }

  unlock(): void {
    this.#limit?.unlock();
  }

  #fromProcess(millis: number): number {
    return this.#clock.monotonic() + millis - processMillis();
  }
}
