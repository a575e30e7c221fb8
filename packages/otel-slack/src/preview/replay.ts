import type { Settings } from '../../../../src/config/index.js';
import type { Pipeline } from '../../../../src/pipeline/index.js';
import type { ReadableLogRecord } from '../../../../src/record/index.js';
import type { SimulatedClock } from './clock.js';
import type { FileRecord } from './otlp.js';

/** Hands records to the pipeline at their own times. */
export interface Replay {
  /**
   * Adds the next record of the file, which takes `length` characters there. Returns a promise when the clock must advance
   * first.
   */
  add(record: FileRecord, length: number): Promise<void> | undefined;
  /** Delivers everything that is still pending. */
  end(): Promise<void>;
}

/** The times of the records so far. */
export interface ReplayTimes {
  firstMillis: number | undefined;
  lastMillis: number | undefined;
  /** Records without a possible time. They get the time of the record before. */
  withoutTime: number;
}

/** Options of {@link createReplay}. */
export interface ReplayOptions {
  readonly pipeline: Pipeline;
  readonly clock: SimulatedClock;
  readonly settings: Settings;
  /** The time of records without a possible time at the start of the file. */
  readonly nowMillis: number;
  /** Is updated for every record, whether a route takes it or not. */
  readonly times: ReplayTimes;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** OpenTelemetry did not exist earlier, and a record from the future has a wrong time. */
const EARLIEST_MILLIS = Date.UTC(2000, 0, 1);
const LATEST_AHEAD_MILLIS = DAY;
/** After this time without records, a message says that its problem is quiet. */
const QUIET_MILLIS = 31 * MINUTE;

/** A batch of few very long records is exported before it is full, in characters of the file. */
const MAX_BATCH_LENGTH = 32 * 1_048_576;

/** Creates a {@link Replay}. It batches as the SDK's BatchLogRecordProcessor does, on the simulated clock. */
export function createReplay(options: ReplayOptions): Replay {
  const { pipeline, clock, times, nowMillis } = options;
  const { scheduledDelayMillis, maxExportBatchSize } = options.settings;
  let batch: ReadableLogRecord[] = [];
  let batchLength = 0;
  let dueMillis: number | undefined;
  let isClockSet = false;

  async function exportBatch(atMillis: number): Promise<void> {
    const records = batch;
    batch = [];
    batchLength = 0;
    dueMillis = undefined;
    if (!isClockSet) clock.set(atMillis);
    isClockSet = true;
    await clock.advanceTo(atMillis);
    await pipeline.accept(records);
  }

  /** The time of the record if it is possible, else that of the record before. Time never goes back. */
  function timeOf({ timeMillis }: FileRecord): number | undefined {
    const { lastMillis } = times;
    if (timeMillis === undefined || timeMillis < EARLIEST_MILLIS || timeMillis > nowMillis + LATEST_AHEAD_MILLIS) {
      times.withoutTime++;
      return lastMillis;
    }
    times.firstMillis = Math.min(times.firstMillis ?? timeMillis, timeMillis);
    times.lastMillis = Math.max(lastMillis ?? timeMillis, timeMillis);
    return times.lastMillis;
  }

  async function enqueue(record: ReadableLogRecord, atMillis: number | undefined, length: number): Promise<void> {
    if (dueMillis !== undefined && atMillis !== undefined && atMillis >= dueMillis) await exportBatch(dueMillis);
    batch.push(record);
    batchLength += length;
    if (dueMillis === undefined && atMillis !== undefined) dueMillis = atMillis + scheduledDelayMillis;
    if (batch.length >= maxExportBatchSize || batchLength >= MAX_BATCH_LENGTH) await exportBatch(atMillis ?? nowMillis);
  }

  return {
    add(fileRecord, length) {
      const { withoutTime } = times;
      const atMillis = timeOf(fileRecord);
      const { record } = fileRecord;
      if (record === undefined || !pipeline.select(record)) return undefined;
      const hasTime = times.withoutTime === withoutTime;
      return enqueue(hasTime ? record : withTime(record, atMillis ?? nowMillis), atMillis, length);
    },
    async end() {
      if (batch.length > 0) await exportBatch(dueMillis ?? nowMillis);
      await clock.advanceTo(clock.now() + QUIET_MILLIS);
      // Reminders, and messages that wait for the end of the quiet hours.
      const endMillis = clock.now() + DAY;
      while (pipeline.stats().pending > 0 && clock.now() < endMillis) await clock.advanceTo(clock.now() + 10 * MINUTE);
      await closeOn(clock, pipeline);
    },
  };
}

/** A record without a time would be shown with a date in 1970. */
function withTime(record: ReadableLogRecord, atMillis: number): ReadableLogRecord {
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
