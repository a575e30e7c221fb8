import type { Gate } from '../gate/gate.js';
import type { SdkBatchLogRecordProcessor } from '../gate/sdk-logs.cjs';
import type { Pipeline } from '../pipeline/pipeline.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import { type Clock, sleepUntil } from '../util/clock.js';
import { countedOf } from '../util/text.js';
import { createDeadline } from './deadline.js';

/** Flush and shutdown: shared promises that never reject. */
export interface Barrier {
  readonly forceFlush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

/** What a barrier stands between. */
export interface BarrierParts {
  readonly gate: Gate;
  readonly batch: SdkBatchLogRecordProcessor;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** For a flush or a shutdown, all that belongs to it together. */
  readonly timeoutMillis: number;
}

/** One deadline for all: drain the SDK's processor, then wait for delivery once. */
export function createBarrier({ gate, batch, pipeline, clock, diagnostics, timeoutMillis }: BarrierParts): Barrier {
  let flushing: Promise<void> | undefined;
  let isAskedAgain = false;
  let ending: Promise<void> | undefined;
  const deadline = createDeadline(clock, timeoutMillis);

  const flush = async (deadlineMillis: number): Promise<void> => {
    const relax = pipeline.hurry();
    let isDone = false;
    do {
      isAskedAgain = false;
      await before(deadlineMillis, () => batch.forceFlush(), clock);
      isDone = await pipeline.flush(deadlineMillis);
    } while (isAskedAgain && clock.monotonic() < deadlineMillis);
    relax();
    flushing = undefined;
    deadline.end(isDone && gate.inTransit.size === 0);
  };

  const end = async (deadlineMillis: number): Promise<void> => {
    pipeline.hurry();
    // A resource that never settles holds the SDK's processor for ever; half of the time is for what got through.
    const drainedByMillis = (clock.monotonic() + deadlineMillis) / 2;
    await before(drainedByMillis, () => batch.shutdown(), clock);
    if (gate.inTransit.size > 0) await before(drainedByMillis, () => drained(gate, clock), clock);
    // What the SDK still holds can be kept all the same.
    if (pipeline.isKept) pipeline.takeNow(gate.inTransit.items(), gate);
    await pipeline.close({ deadlineMillis, graceMillis: 0 });
    const lost = gate.close();
    if (lost > 0) diagnostics.warn('held', `${countedOf(lost, 'record')} dropped at shutdown: the SDK still held them`);
  };

  return {
    forceFlush() {
      if (ending) return ending;
      isAskedAgain = flushing !== undefined;
      flushing ??= flush(deadline.begin());
      return flushing;
    },
    shutdown() {
      ending ??= end(deadline.begin());
      return ending;
    },
  };
}

/** The SDK's `shutdown()` returns early when a flush is under way; the batches of that flush are still to come. */
async function drained(gate: Gate, clock: Clock): Promise<void> {
  while (gate.inTransit.size > 0) await sleepUntil(clock, clock.monotonic() + 5, { ref: true });
}

/** Waits for something of the SDK's, but not beyond the deadline, and whatever becomes of it. */
async function before(deadlineMillis: number, run: () => Promise<void>, clock: Clock): Promise<void> {
  const done = new AbortController();
  const over = sleepUntil(clock, deadlineMillis, { signal: done.signal, ref: true });
  try {
    await Promise.race([run(), over]);
  } catch {
    // The SDK's processor rejects what its exporter rejects, and ours does not.
  } finally {
    done.abort();
  }
}
