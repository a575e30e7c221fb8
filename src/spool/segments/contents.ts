import { setImmediate } from 'node:timers/promises';
import { type Damage, type Frame, readFrames } from './frame.js';

/** An entry of a segment. */
export interface StoredEntry {
  /** The position of the entry in its segment, from 0. */
  readonly number: number;
  /** Milliseconds since 1970, by the wall clock of the process that wrote the entry. */
  readonly writtenAtMillis: number;
  readonly value: unknown;
}

/** The contents of a segment. */
export interface Contents {
  /** The entries that are not acknowledged, in order. */
  readonly entries: readonly StoredEntry[];
  /**
   * The numbers of entries that cannot be read. The damaged end of a file may have had more entries than can be counted.
   * The reader must acknowledge these numbers, so that the next reader does not count them again.
   */
  readonly damaged: readonly number[];
  /** The number of the next entry. */
  readonly next: number;
}

/** After this many bytes, reader yields to the event loop. */
const SLICE_BYTES = 64 * 1024;
/** A segment has fewer entries than this. A higher number means damage. */
const MAX_ENTRIES = 2 ** 24;

/** Calls `visit` for each frame and each damage, and yields to the event loop in between. */
export async function eachFrame(bytes: Buffer, visit: (frame: Frame | Damage) => void): Promise<void> {
  let pauseAt = SLICE_BYTES;
  for (const frame of readFrames(bytes)) {
    visit(frame);
    if (frame.end < pauseAt) continue;
    pauseAt = frame.end + SLICE_BYTES;
    await setImmediate();
  }
}

/** Reads a segment. Never throws, whatever the bytes are. */
export async function readContents(bytes: Buffer): Promise<Contents> {
  const reader = new ContentsReader();
  await eachFrame(bytes, (frame) => reader.take(frame));
  return reader.contents();
}

class ContentsReader {
  readonly #entries = new Map<number, StoredEntry>();
  readonly #acknowledged = new Set<number>();
  #isAdopted = false;
  #lastNumber = -1;
  /** Damaged frames after the last readable entry: entries, and those of an unknown kind. */
  #damagedEntriesAtEnd = 0;
  #unknownDamageAtEnd = 0;

  take(frame: Frame | Damage): void {
    if (frame.kind === 'damage') this.#damage(frame.was);
    else if (frame.kind === 'entry') this.#entry(frame.body);
    else if (frame.kind === 'acknowledged') this.#acknowledge(frame.body);
    else if (frame.kind === 'adopted') this.#isAdopted = true;
  }

  contents(): Contents {
    const known = new Set([...this.#entries.keys(), ...this.#acknowledged]);
    let next = 0;
    for (const number of known) next = Math.max(next, number + 1);
    // Entries are numbered in order, so a gap is a missing entry. After the last number, only damaged frames are a trace of one.
    const traces = this.#damagedEntriesAtEnd > 0 ? this.#damagedEntriesAtEnd : Math.min(this.#unknownDamageAtEnd, 1);
    const end = next + Math.max(0, traces - (next - 1 - this.#lastNumber));
    const damaged: number[] = [];
    for (let number = 0; number < end; number++) if (!known.has(number)) damaged.push(number);
    const entries = [...this.#entries.values()].filter(({ number }) => !this.#acknowledged.has(number));
    return { entries, damaged, next: end };
  }

  #entry(body: unknown): void {
    // The former owner woke up and wrote again. It notices the adoption, and has saved this entry in another segment.
    if (this.#isAdopted) return;
    const entry = toEntry(body);
    if (entry === undefined) {
      this.#damage('entry');
      return;
    }
    this.#entries.set(entry.number, entry);
    this.#lastNumber = Math.max(this.#lastNumber, entry.number);
    this.#damagedEntriesAtEnd = 0;
    this.#unknownDamageAtEnd = 0;
  }

  #acknowledge(body: unknown): void {
    for (const number of fromRanges(body)) this.#acknowledged.add(number);
  }

  #damage(was: Damage['was']): void {
    if (was === 'entry') this.#damagedEntriesAtEnd++;
    else if (was === undefined) this.#unknownDamageAtEnd++;
  }
}

function toEntry(body: unknown): StoredEntry | undefined {
  if (!Array.isArray(body)) return undefined;
  const [number, writtenAtMillis, value] = body;
  return isNumber(number) && typeof writtenAtMillis === 'number' ? { number, writtenAtMillis, value } : undefined;
}

/** Returns the first and the last number of each run: `[1, 2, 3, 7]` → `[1, 3, 7, 7]`. */
export function toRanges(numbers: readonly number[]): readonly number[] {
  const ranges: number[] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.length - 1;
    if (last > 0 && number <= (ranges[last] as number) + 1) ranges[last] = number;
    else ranges.push(number, number);
  }
  return ranges;
}

function* fromRanges(body: unknown): Generator<number> {
  if (!Array.isArray(body)) return;
  for (let at = 0; at + 1 < body.length; at += 2) {
    const [from, to] = [body[at], body[at + 1]];
    if (isNumber(from) && isNumber(to)) for (let number = from; number <= to; number++) yield number;
  }
}

function isNumber(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_ENTRIES;
}
