import { getHeapStatistics } from 'node:v8';
import type { ReadableLogRecord } from '../record/index.js';

/** Records in flight occupy at most this much memory, and at most this share of the heap. */
const MAX_BYTES = 33_554_432;
const MAX_HEAP_SHARE = 1 / 16;
/** From this share of the bound on, large records are cut. */
const CUT_SHARE = 1 / 4;
/** A smaller record is not counted, because `maxQueueSize` bounds the memory of such records. */
const LARGE_BYTES = 4_096;

/** The bytes of the large records in flight. */
export class InFlightBytes {
  readonly #maxBytes: number;
  readonly #byRecord = new Map<ReadableLogRecord, number>();
  #total = 0;

  /** @param maxBytes - Default: 32 MiB, or a sixteenth of the heap if that is less. */
  constructor(maxBytes: number = Math.min(MAX_BYTES, getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE)) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a record of this size must be cut before it is queued. The only large one is not, if it is within the bound. */
  mustCut(bytes: number): boolean {
    if (bytes < LARGE_BYTES || (this.#total === 0 && bytes <= this.#maxBytes)) return false;
    return this.#total + bytes > this.#maxBytes * CUT_SHARE;
  }

  /** Whether a record of this size may be queued. */
  hasRoom(bytes: number): boolean {
    return bytes < LARGE_BYTES || this.#total + bytes <= this.#maxBytes;
  }

  add(record: ReadableLogRecord, bytes: number): void {
    if (bytes < LARGE_BYTES) return;
    this.#byRecord.set(record, bytes);
    this.#total += bytes;
  }

  /** Removes records that are not in flight any more. */
  remove(records: readonly ReadableLogRecord[]): void {
    for (const record of records) {
      if (this.#byRecord.size === 0) return;
      this.#total -= this.#byRecord.get(record) ?? 0;
      this.#byRecord.delete(record);
    }
  }

  clear(): void {
    this.#byRecord.clear();
    this.#total = 0;
  }
}
