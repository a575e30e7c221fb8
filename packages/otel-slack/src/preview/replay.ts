import type { Settings } from '../../../../src/config/settings.js';
import type { Pipeline } from '../../../../src/pipeline/types.js';
import type { ReadableLogRecord } from '../../../../src/record/otel.js';
import type { SimulatedClock } from './clock.js';
import type { FileRecord } from './otlp.js';

/** Lets records happen again, at their own times. */
export interface Replay {
  /** In the order of the file; a promise when time passes because of it. */
  add(record: FileRecord): Promise<void> | undefined;
  /** Lets all be said that is still to be said. */
  end(): Promise<void>;
}

/** What a replay has gone through. */
export interface ReplayCounts {
  firstMillis: number | undefined;
  lastMillis: number | undefined;
  /** Records whose time is absent or cannot be: they happen when the one before them did. */
  timeless: number;
}

/** Options of {@link createReplay}. */
export interface ReplayOptions {
  readonly pipeline: Pipeline;
  readonly clock: SimulatedClock;
  readonly settings: Settings;
  /** Used for records without a time, when there is none with one before. */
  readonly nowMillis: number;
  /** Is given the times; of all records, not only of those that are wanted. */
  readonly counts: ReplayCounts;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Before that nobody wrote OpenTelemetry's records, and none was written in the future: such a time is a mistake. */
const EARLIEST_MILLIS = Date.UTC(2000, 0, 1);
const LATEST_AHEAD_MILLIS = DAY;
/** After that a problem that does not come again has been said to be quiet. */
const QUIET_MILLIS = 31 * MINUTE;

/** Makes a {@link Replay}: what the SDK's batch processor does, on the simulated clock. */
export function createReplay(options: ReplayOptions): Replay {
  const { pipeline, clock, counts, nowMillis } = options;
  const { scheduledDelayMillis, maxExportBatchSize } = options.settings;
  let batch: ReadableLogRecord[] = [];
  let dueMillis: number | undefined;
  let isSet = false;

  async function handOver(atMillis: number): Promise<void> {
    const records = batch;
    batch = [];
    dueMillis = undefined;
    if (!isSet) clock.set(atMillis);
    isSet = true;
    await clock.advanceTo(atMillis);
    await pipeline.accept(records);
  }

  /** The time of the record where it can be, else that of the one before. Time never goes back. */
  function timeOf({ timeMillis }: FileRecord): number | undefined {
    const { lastMillis } = counts;
    if (timeMillis === undefined || timeMillis < EARLIEST_MILLIS || timeMillis > nowMillis + LATEST_AHEAD_MILLIS) {
      counts.timeless++;
      return lastMillis;
    }
    counts.firstMillis = Math.min(counts.firstMillis ?? timeMillis, timeMillis);
    counts.lastMillis = Math.max(lastMillis ?? timeMillis, timeMillis);
    return counts.lastMillis;
  }

  async function take(record: ReadableLogRecord, atMillis: number | undefined): Promise<void> {
    if (dueMillis !== undefined && atMillis !== undefined && atMillis >= dueMillis) await handOver(dueMillis);
    batch.push(record);
    if (dueMillis === undefined && atMillis !== undefined) dueMillis = atMillis + scheduledDelayMillis;
    if (batch.length >= maxExportBatchSize) await handOver(atMillis ?? nowMillis);
  }

  return {
    add(found) {
      const atMillis = timeOf(found);
      const { record, timeMillis } = found;
      if (record === undefined || !pipeline.select(record)) return undefined;
      return take(timeMillis === undefined ? timed(record, atMillis ?? nowMillis) : record, atMillis);
    },
    async end() {
      if (batch.length > 0) await handOver(dueMillis ?? nowMillis);
      await clock.advanceTo(clock.now() + QUIET_MILLIS);
      // Reminders, and what waits for the end of the quiet hours.
      const endMillis = clock.now() + DAY;
      while (pipeline.stats().pending > 0 && clock.now() < endMillis) await clock.advanceTo(clock.now() + 10 * MINUTE);
      await closeOn(clock, pipeline);
    },
  };
}

/** One without a time would be shown as of 1970. */
function timed(record: ReadableLogRecord, atMillis: number): ReadableLogRecord {
  return { ...record, hrTime: [Math.floor(atMillis / 1_000), Math.round(atMillis % 1_000) * 1_000_000] };
}

async function closeOn(clock: SimulatedClock, pipeline: Pipeline): Promise<void> {
  let isClosed = false;
  const closing = pipeline.close({ deadlineMillis: clock.monotonic() + 10_000, graceMillis: 0 }).then(() => {
    isClosed = true;
  });
  while (!isClosed) await clock.advanceTo(clock.now() + 1_000);
  await closing;
}
