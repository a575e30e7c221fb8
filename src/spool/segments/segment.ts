import { toRanges } from './contents.js';
import { encodeFrame } from './frame.js';

/** Entries on their way into a segment. */
export interface Batch {
  readonly bytes: Buffer;
  readonly numbers: readonly number[];
  /** Where the bytes will be, if nobody else writes. */
  readonly position: number;
}

/** How a segment begins, when it is not new and empty. */
interface SegmentStart {
  readonly bytes?: number;
  readonly next?: number;
  readonly isSealed?: boolean;
}

/** What this process knows of a segment that it holds. */
export class Segment {
  readonly segmentId: string;
  /** Entries that are stored and not acknowledged. */
  readonly open: Set<number> = new Set();
  /** Acknowledged, which the file does not say yet. */
  #unjournaled: number[] = [];
  /** As large as the file, as far as we know. */
  bytes: number;
  /** Nothing is appended any more but acknowledgements. */
  isSealed: boolean;
  /** Being removed. */
  isGone = false;
  #next: number;
  /** Entries that were moved here keep the ids by which they are known. */
  readonly #ids = new Map<number, string>();

  constructor(birth: string, { bytes = 0, next = 0, isSealed = false }: SegmentStart = {}) {
    this.segmentId = birth;
    this.bytes = bytes;
    this.#next = next;
    this.isSealed = isSealed;
  }

  /** Whether the whole file may go. */
  get isDone(): boolean {
    return this.isSealed && this.open.size === 0;
  }

  get hasNews(): boolean {
    return this.#unjournaled.length > 0;
  }

  id(number: number): string {
    return this.#ids.get(number) ?? `${this.segmentId}:${number}`;
  }

  /** An entry that was moved here. */
  rename(number: number, id: string): void {
    this.#ids.set(number, id);
  }

  /** What the entries that are not acknowledged take, about. */
  get openBytes(): number {
    return this.#next === 0 ? 0 : (this.bytes * this.open.size) / this.#next;
  }

  ids(numbers: Iterable<number> = this.open): readonly string[] {
    return Array.from(numbers, (number) => this.id(number));
  }

  /** Frames for JSON texts; from now on their numbers are taken. */
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

  /** Whether there was such an entry. */
  acknowledge(number: number): boolean {
    const wasOpen = this.open.delete(number);
    if (wasOpen) this.#unjournaled.push(number);
    return wasOpen;
  }

  /** Entries that may be in the file, whole or in part, and must not count: somebody else has them. */
  disown(numbers: readonly number[]): void {
    for (const number of numbers) this.open.delete(number);
    this.#unjournaled.push(...numbers);
  }

  /** A frame that says what is acknowledged, and what to call once it is written. */
  news(): { readonly bytes: Buffer; readonly written: () => void } {
    const count = this.#unjournaled.length;
    const bytes = encodeFrame('acknowledged', JSON.stringify(toRanges(this.#unjournaled)));
    const written = (): void => {
      this.#unjournaled = this.#unjournaled.slice(count);
      this.bytes += bytes.length;
    };
    return { bytes, written };
  }
}

/** An entry's id → where it is. */
export function readId(id: string): { readonly birth: string; readonly number: number } {
  const colon = id.lastIndexOf(':');
  return { birth: id.slice(0, colon), number: Number(id.slice(colon + 1)) };
}
