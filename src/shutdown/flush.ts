import type { Gate, SdkBatchLogRecordProcessor } from '../gate/index.js';
import type { Pipeline } from '../pipeline/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { type Clock, countedOf, sleepUntil, waitAtMost } from '../util/index.js';
import { Deadline } from './deadline.js';

/** How often a shutdown checks whether the SDK's processor has exported its last records. */
const DRAIN_CHECK_MILLIS = 5;

/** Options of a {@link Flusher}. */
export interface FlusherParts {
  readonly gate: Gate;
  readonly batch: SdkBatchLogRecordProcessor;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** The time limit of a whole flush or a whole shutdown, in milliseconds. */
  readonly timeoutMillis: number;
}

/**
 * `forceFlush()` and `shutdown()` of the processor. Concurrent calls share a promise, which never rejects. Each drains the
 * SDK's processor and then waits once for delivery, with one deadline for both.
 */
export class Flusher {
  readonly #parts: FlusherParts;
  readonly #deadline: Deadline;
  #flushing: Promise<void> | undefined;
  #shutdown: Promise<void> | undefined;
  #isAskedAgain = false;
  /** The SDK's part of the running flush. */
  #batchFlush: Promise<void> | undefined;
  #isBatchClosed = false;

  constructor(parts: FlusherParts) {
    this.#parts = parts;
    this.#deadline = new Deadline(parts.clock, parts.timeoutMillis);
  }

  /** The SDK's processor ignores further records, so they must be passed to the pipeline directly. */
  get isBatchClosed(): boolean {
    return this.#isBatchClosed;
  }

  forceFlush(): Promise<void> {
    if (this.#shutdown) return this.#shutdown;
    this.#isAskedAgain = this.#flushing !== undefined;
    this.#flushing ??= this.#flush(this.#deadline.begin());
    return this.#flushing;
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= this.#end(this.#deadline.begin());
    return this.#shutdown;
  }

  async #flush(deadlineMillis: number): Promise<void> {
    const { gate, batch, pipeline, clock } = this.#parts;
    const release = pipeline.expedite();
    let isDone = false;
    do {
      this.#isAskedAgain = false;
      this.#batchFlush = batch.forceFlush();
      await waitAtMost(clock, deadlineMillis, () => this.#batchFlush ?? Promise.resolve());
      isDone = await pipeline.flush(deadlineMillis);
    } while (this.#isAskedAgain && clock.monotonic() < deadlineMillis);
    release();
    this.#flushing = undefined;
    this.#deadline.end(isDone && gate.inFlight.size === 0);
  }

  async #end(deadlineMillis: number): Promise<void> {
    const { gate, batch, pipeline, clock, diagnostics } = this.#parts;
    pipeline.expedite();
    // A resource that never settles blocks the SDK's processor for ever, so half of the time is reserved for delivery.
    const drainedByMillis = (clock.monotonic() + deadlineMillis) / 2;
    // During a flush, the SDK's `shutdown()` forgets the records that came since the flush began.
    await waitAtMost(clock, drainedByMillis, () => this.#batchFlush ?? Promise.resolve());
    this.#isBatchClosed = true;
    await waitAtMost(clock, drainedByMillis, () => batch.shutdown());
    await waitAtMost(clock, drainedByMillis, () => this.#drained());
    // The spool can save what the SDK still holds.
    if (pipeline.isSpooled) pipeline.acceptNow(gate.inFlight.items(), gate);
    await pipeline.close({ deadlineMillis, graceMillis: 0 });
    const lost = gate.close();
    if (lost > 0) diagnostics.warn('held', `${countedOf(lost, 'record')} dropped at shutdown: the SDK still held them`);
  }

  /** The SDK's `shutdown()` resolves early during a flush. The batches of that flush still follow. */
  async #drained(): Promise<void> {
    const { gate, clock } = this.#parts;
    while (gate.inFlight.size > 0) await sleepUntil(clock, clock.monotonic() + DRAIN_CHECK_MILLIS, { ref: true });
  }
}
