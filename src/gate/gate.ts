import type { Context } from '@opentelemetry/api';
import type { EnabledOptions, ReadableLogRecord } from '../record/otel.js';
import type { DropReason } from '../telemetry/ledger.js';
import { isOwn } from '../telemetry/loop-guard.js';
import { isSpeaking } from '../util/process-globals.js';
import { Riders } from './coalescer.js';
import type { Select } from './filter.js';
import { Transit } from './in-flight.js';

/**
 * What stands before the SDK's queue. It keeps out what nobody wants, so that it cannot push an error out of the queue,
 * and it owns the overflow: it lets in no more than the queue can hold, because the queue drops without a word.
 */
export interface Gate {
  /** Records in transit: let in, and not yet seen by `export()`. */
  readonly inTransit: {
    readonly size: number;
    first(): ReadableLogRecord | undefined;
    items(): readonly ReadableLogRecord[];
  };
  /** Records that ride along with one in transit, as a count. */
  readonly riding: number;
  /** Records offered. */
  readonly emitted: number;
  /** Records that nobody wants: below the threshold, filtered out, our own, or of no route. */
  readonly filtered: number;
  /** Records that were let in, or that were wanted and dropped here; those that no route wanted in the end are out again. */
  readonly accepted: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Whether the record may go on into the queue. Never throws. */
  admit(record: ReadableLogRecord, context: Context | undefined): boolean;
  /** Whether a record of that kind could be wanted; asked before it is built, so only the cheap question. Never throws. */
  enabled(options: EnabledOptions): boolean;
  /** The exporter has the batch: its records are in transit no more. Gives those that are not given up already. */
  arrived(batch: readonly ReadableLogRecord[]): readonly ReadableLogRecord[];
  /** How many records one that has arrived stands for: itself, and those that rode along with it. */
  countOf(record: ReadableLogRecord): number;
  /** Records that were let in are wanted by no route. */
  unwanted(records: number): void;
  /** Lets nothing in any more; what is in transit still, is given up. Gives their number. */
  close(): number;
}

/** Options of {@link createGate}. */
export interface GateOptions {
  readonly select: Select;
  readonly minSeverity: number;
  readonly maxQueueSize: number;
  /** With so many in transit, more than a batch, records that equal one of them ride along. */
  readonly maxExportBatchSize: number;
  /** Only records that are equal in all attributes may ride along. */
  readonly comparesAll: boolean;
  /** There is no destination: nothing is wanted. */
  readonly isOff: boolean;
}

/** Makes a {@link Gate}. */
export function createGate(options: GateOptions): Gate {
  return new RecordGate(options);
}

/** A class, because its counters are touched for every record and a field is the cheapest place for them. */
class RecordGate implements Gate {
  readonly inTransit: Transit<ReadableLogRecord> = new Transit();
  readonly dropped: Partial<Record<DropReason, number>> = {};
  emitted = 0;
  filtered = 0;
  accepted = 0;
  #isClosed = false;
  readonly #select: Select;
  readonly #minSeverity: number;
  readonly #maxQueueSize: number;
  readonly #pressureSize: number;
  readonly #riders: Riders;
  readonly #isOff: boolean;

  constructor({ select, minSeverity, maxQueueSize, maxExportBatchSize, comparesAll, isOff }: GateOptions) {
    this.#select = select;
    this.#minSeverity = minSeverity;
    this.#maxQueueSize = maxQueueSize;
    // Well before the queue is full: only what was let in from here on can carry others.
    this.#pressureSize = Math.min(maxExportBatchSize, Math.floor(maxQueueSize / 2));
    this.#riders = new Riders(comparesAll);
    this.#isOff = isOff;
  }

  admit(record: ReadableLogRecord, context: Context | undefined): boolean {
    this.emitted++;
    if (!this.#isWanted(record, context)) {
      this.filtered++;
      return false;
    }
    this.accepted++;
    if (this.#isClosed) return this.#drop('shutdown', 1);
    const { size } = this.inTransit;
    if (size >= this.#pressureSize && this.#riders.join(record, size < this.#maxQueueSize)) return false;
    if (size >= this.#maxQueueSize) return this.#drop('queue_full', 1);
    this.inTransit.add(record);
    return true;
  }

  get riding(): number {
    return this.#riders.total;
  }

  countOf(record: ReadableLogRecord): number {
    return 1 + this.#riders.leave(record);
  }

  enabled({ severityNumber }: EnabledOptions): boolean {
    // Without a number the text may still name a level, and it is not known yet.
    return !this.#isOff && (!severityNumber || severityNumber >= this.#minSeverity);
  }

  arrived(batch: readonly ReadableLogRecord[]): readonly ReadableLogRecord[] {
    return this.inTransit.take(batch);
  }

  unwanted(records: number): void {
    this.accepted -= records;
    this.filtered += records;
  }

  close(): number {
    const lost = this.inTransit.size + this.riding;
    this.#isClosed = true;
    this.inTransit.clear();
    this.#riders.clear();
    this.#drop('shutdown', lost);
    return lost;
  }

  #isWanted(record: ReadableLogRecord, context: Context | undefined): boolean {
    if (this.#isOff || !this.#select(record)) return false;
    try {
      return !isSpeaking() && !isOwn(context);
    } catch {
      return true;
    }
  }

  #drop(reason: DropReason, records: number): false {
    if (records > 0) this.dropped[reason] = (this.dropped[reason] ?? 0) + records;
    return false;
  }
}
