import { toRanges } from './contents.js';
import { encodeFrame } from './frame.js';

/** Entries to be written to a segment. */
export interface Batch {
  readonly bytes: Buffer;
  readonly numbers: readonly number[];
  /** The position of the bytes in the file, if no other process writes to it. */
  readonly position: number;
}

/** The state of a segment that is not new and empty. */
interface SegmentStart {
  readonly bytes?: number;
  readonly next?: number;
  readonly isSealed?: boolean;
}

/** A segment of this process, in memory. */
export class Segment {
  readonly segmentId: string;
  /** The numbers of entries that are stored and not acknowledged. */
  readonly open: Set<number> = new Set();
  /** The numbers of acknowledged entries that are not written to the file yet. */
  #unjournaled: number[] = [];
  /** The size of the file, as far as it is known. */
  bytes: number;
  /** No entry is appended any more; only acknowledgements are. */
  isSealed: boolean;
  /** The file is being removed. */
  isGone = false;
  #next: number;
  /** The original ids of entries that were moved here from another segment. */
  readonly #ids = new Map<number, string>();

  constructor(segmentId: string, { bytes = 0, next = 0, isSealed = false }: SegmentStart = {}) {
    this.segmentId = segmentId;
    this.bytes = bytes;
    this.#next = next;
    this.isSealed = isSealed;
  }

  /** Whether the file can be removed. */
  get isDone(): boolean {
    return this.isSealed && this.open.size === 0;
  }

  /** Whether acknowledgements must be written to the file. */
  get hasUnjournaled(): boolean {
    return this.#unjournaled.length > 0;
  }

  id(number: number): string {
    return this.#ids.get(number) ?? `${this.segmentId}:${number}`;
  }

  /** Keeps the original id of an entry that was moved here. */
  rename(number: number, id: string): void {
    this.#ids.set(number, id);
  }

  /** About how many bytes the open entries need. */
  get openBytes(): number {
    return this.#next === 0 ? 0 : (this.bytes * this.open.size) / this.#next;
  }

  ids(numbers: Iterable<number> = this.open): readonly string[] {
    return Array.from(numbers, (number) => this.id(number));
  }

  /** Encodes JSON texts as frames, and assigns their numbers. */
  encode(texts: readonly string[], nowMillis: number): Batch {
    return this.encodeAll(texts.map((text) => ({ text, writtenAtMillis: nowMillis })));
  }

  encodeAll(entries: readonly { readonly text: string; readonly writtenAtMillis: number }[]): Batch {
    const first = this.#next;
    const frames = entries.map(({ text, writtenAtMillis }, index) =>
      encodeFrame('entry', `[${first + index},${writtenAtMillis},${text}]`),
    );
    this.#next += entries.length;
    return { bytes: Buffer.concat(frames), numbers: entries.map((_, index) => first + index), position: this.bytes };
  }

  stored({ bytes, numbers }: Batch): void {
    this.bytes += bytes.length;
    for (const number of numbers) this.open.add(number);
  }

  /** Acknowledges an entry. Returns whether it was open. */
  acknowledge(number: number): boolean {
    const wasOpen = this.open.delete(number);
    if (wasOpen) this.#unjournaled.push(number);
    return wasOpen;
  }

  /** Invalidates entries that may be in the file, complete or in part, because they are stored elsewhere. */
  disown(numbers: readonly number[]): void {
    for (const number of numbers) this.open.delete(number);
    this.#unjournaled.push(...numbers);
  }

  /** Returns a frame with all unwritten acknowledgements, and a function to call once it is written. */
  acknowledgements(): { readonly bytes: Buffer; readonly written: () => void } {
    const count = this.#unjournaled.length;
    const bytes = encodeFrame('acknowledged', JSON.stringify(toRanges(this.#unjournaled)));
    const written = (): void => {
      this.#unjournaled = this.#unjournaled.slice(count);
      this.bytes += bytes.length;
    };
    return { bytes, written };
  }
}

/** Parses the id of an entry. */
export function readId(id: string): { readonly segmentId: string; readonly number: number } {
  const colon = id.lastIndexOf(':');
  return { segmentId: id.slice(0, colon), number: Number(id.slice(colon + 1)) };
}
