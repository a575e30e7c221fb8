import { getHeapStatistics } from 'node:v8';

/** Records in flight occupy at most this much memory, and at most this share of the heap. */
const MAX_BYTES = 33_554_432;
const MAX_HEAP_SHARE = 1 / 16;
/** From this share of the bound on, large records are cut. */
const CUT_SHARE = 1 / 4;
/** A smaller record is not counted, because `maxQueueSize` bounds the memory of such records. */
const LARGE_BYTES = 4_096;

/** The bound of the memory of the records in flight. `inFlight`: the bytes of the large ones among them. */
export class InFlightBytes {
  readonly #maxBytes: number;

  /** @param maxBytes - Default: 32 MiB, or a sixteenth of the heap if that is less. */
  constructor(maxBytes: number = Math.min(MAX_BYTES, getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE)) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a record of this size must be cut before it is queued. The only large one is not, if it is within the bound. */
  mustCut(bytes: number, inFlight: number): boolean {
    if (bytes < LARGE_BYTES || (inFlight === 0 && bytes <= this.#maxBytes)) return false;
    return inFlight + bytes > this.#maxBytes * CUT_SHARE;
  }

  /** Whether a record of this size may be queued. */
  hasRoom(bytes: number, inFlight: number): boolean {
    return bytes < LARGE_BYTES || inFlight + bytes <= this.#maxBytes;
  }

  /** The bytes that a queued record of this size counts. */
  counted(bytes: number): number {
    return bytes < LARGE_BYTES ? 0 : bytes;
  }
}
