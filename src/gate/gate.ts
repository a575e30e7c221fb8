import type { Context } from '@opentelemetry/api';
import type { EnabledOptions, ReadableLogRecord } from '../record/index.js';
import { type DropReason, isInternal } from '../telemetry/index.js';
import { guarded, isOwnWork } from '../util/index.js';
import { Coalescer } from './coalescer.js';
import { cutRecord } from './cut-record.js';
import type { Selector } from './filter.js';
import { InFlightQueue } from './in-flight.js';
import { InFlightBytes } from './in-flight-bytes.js';
import { bytesOf } from './record-size.js';

/** With fewer records in flight, nested values are not measured. So this costs nothing while an app logs little. */
const MIN_SIZE_TO_MEASURE_NESTED = 1;

/** Options of a {@link Gate}. */
export interface GateOptions {
  readonly select: Selector;
  readonly minSeverity: number;
  readonly maxQueueSize: number;
  /** From this many records in flight on, equal records are coalesced. */
  readonly maxExportBatchSize: number;
  /** Coalesces only records that are equal in all attributes. */
  readonly comparesAll: boolean;
  /** There is no destination, so no record is wanted. */
  readonly isOff: boolean;
  /** The bound of the records in flight, in bytes. Default: 32 MiB, or a sixteenth of the heap if that is less. */
  readonly maxBytes?: number;
  /** The filter of the app, if there is one. {@link select} calls it. */
  readonly filter?: unknown;
}

/**
 * Stands in front of the SDK's queue. Unwanted records never reach the queue, so they cannot push an error out of it. The
 * gate owns the overflow: it admits no more than the queue can hold, because the queue drops silently, and cuts large
 * records, because the queue bounds only their number.
 *
 * The counters are public fields, because they change with every record and a field is the cheapest way.
 */
export class Gate {
  /** Records that were admitted and have not reached `export()`. */
  readonly inFlight: InFlightQueue<ReadableLogRecord> = new InFlightQueue();
  readonly dropped: Partial<Record<DropReason, number>> = {};
  /** Records passed to {@link admit}. */
  emitted = 0;
  /** Unwanted records: below the threshold, filtered out, from this package, or matched by no route. */
  filtered = 0;
  /** Wanted records, admitted or dropped. A record that turns out to match no route moves to `filtered`. */
  accepted = 0;
  /** After {@link close}, every wanted record is dropped. */
  isClosed = false;
  readonly #select: Selector;
  readonly #minSeverity: number;
  readonly #maxQueueSize: number;
  readonly #pressureSize: number;
  readonly #coalescer: Coalescer;
  readonly #isOff: boolean;
  readonly #bytes: InFlightBytes;
  readonly #hasFilter: boolean;

  constructor({
    select,
    filter,
    minSeverity,
    maxQueueSize,
    maxExportBatchSize,
    comparesAll,
    isOff,
    maxBytes,
  }: GateOptions) {
    this.#select = select;
    this.#minSeverity = minSeverity;
    this.#maxQueueSize = maxQueueSize;
    // Records that are admitted above this size can be coalesced with. At most half of the queue, so that there are some
    // before the queue is full.
    this.#pressureSize = Math.min(maxExportBatchSize, Math.floor(maxQueueSize / 2));
    this.#coalescer = new Coalescer(this.inFlight, comparesAll);
    this.#isOff = isOff;
    this.#bytes = new InFlightBytes(maxBytes);
    this.#hasFilter = filter !== undefined;
  }

  /**
   * Counts a record and returns whether to pass the newest record in flight to the SDK's queue, which is this one or a cut
   * copy: not when it is unwanted, counted with an equal record in flight, or dropped. Never throws.
   */
  admit(record: ReadableLogRecord, context: Context | undefined): boolean {
    this.emitted++;
    if (!this.#isWanted(record, context)) {
      this.filtered++;
      return false;
    }
    this.accepted++;
    if (this.isClosed) return this.#drop('shutdown', 1);
    const bytes = bytesOf(record, this.inFlight.size >= MIN_SIZE_TO_MEASURE_NESTED);
    if (this.#bytes.mustCut(bytes, this.inFlight.bytes)) return this.#admitCut(record);
    return this.#queue(record, bytes, this.inFlight.size >= this.#pressureSize);
  }

  /** Admits a copy of a large record. Equal ones are coalesced at once, because a copy costs memory and time. */
  #admitCut(record: ReadableLogRecord): boolean {
    const cut = guarded(() => cutRecord(record));
    return cut === undefined ? this.#drop('queue_full', 1) : this.#queue(cut, bytesOf(cut, true), true);
  }

  #queue(record: ReadableLogRecord, bytes: number, isUnderPressure: boolean): boolean {
    const hasRoom = this.inFlight.size < this.#maxQueueSize && this.#bytes.hasRoom(bytes, this.inFlight.bytes);
    if (isUnderPressure && this.#coalescer.coalesce(record, hasRoom)) return false;
    if (!hasRoom) return this.#drop('queue_full', 1);
    this.inFlight.add(record, this.#bytes.counted(bytes));
    return true;
  }

  /** Records that are counted with an equal record in flight. */
  get coalesced(): number {
    return this.inFlight.coalesced;
  }

  /** Returns whether such a record could be wanted. The SDK calls this before it creates a record. Never throws. */
  enabled({ severityNumber }: EnabledOptions): boolean {
    // Without a number the severity text may name a level, and the SDK does not pass the text here.
    return !this.#isOff && (!severityNumber || severityNumber >= this.#minSeverity);
  }

  /**
   * Removes the batch that reached `export()` from the records in flight. Calls `accept` for each record of it that was
   * not dropped meanwhile, with the number of records that it represents: itself and those coalesced with it.
   */
  arrived(batch: readonly ReadableLogRecord[], accept: (record: ReadableLogRecord, count: number) => void): void {
    this.inFlight.take(batch, accept);
  }

  /** Moves admitted records that no route wants from `accepted` to `filtered`. */
  unwanted(records: number): void {
    this.accepted -= records;
    this.filtered += records;
  }

  /** Closes the gate and drops the records in flight. Returns the number of dropped records. */
  close(): number {
    const lost = this.inFlight.size + this.coalesced;
    this.isClosed = true;
    this.inFlight.clear();
    this.#drop('shutdown', lost);
    return lost;
  }

  #isWanted(record: ReadableLogRecord, context: Context | undefined): boolean {
    // A filter that logs must not be called with its own record. Without a filter, the severity is the cheaper check.
    if (this.#isOff || (this.#hasFilter && isOwn(context)) || !this.#select(record)) return false;
    return this.#hasFilter || !isOwn(context);
  }

  #drop(reason: DropReason, records: number): false {
    if (records > 0) this.dropped[reason] = (this.dropped[reason] ?? 0) + records;
    return false;
  }
}

/** Whether a record comes from this package, or from code of the app that it called. */
function isOwn(context: Context | undefined): boolean {
  try {
    return isOwnWork() || isInternal(context);
  } catch {
    return false;
  }
}
