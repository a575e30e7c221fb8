import { setImmediate } from 'node:timers/promises';
import { type Damage, type Frame, readFrames } from './frame.js';

/** An entry of a segment. */
export interface StoredEntry {
  /** It counts the entries of its segment. */
  readonly number: number;
  /** Wall clock, milliseconds since 1970, as the process that wrote it saw it. */
  readonly writtenAtMillis: number;
  readonly value: unknown;
}

/** What a segment says. */
export interface Contents {
  /** What nobody has acknowledged, in order. */
  readonly entries: readonly StoredEntry[];
  /**
   * Entries that were there and cannot be read, by their numbers. At the end of a file nothing tells how many they were:
   * at least that many. Acknowledge them, and the next reader does not count them again.
   */
  readonly damaged: readonly number[];
  /** The next entry's number. */
  readonly next: number;
}

/** Reading is cut into slices of that many bytes: the event loop belongs to the app. */
const SLICE_BYTES = 64 * 1024;
/** No segment has as many entries; what says so is damage. */
const MOST_ENTRIES = 2 ** 24;

/** Calls back for each frame and each damage, and lets the event loop run meanwhile. */
export async function eachFrame(bytes: Buffer, visit: (frame: Frame | Damage) => void): Promise<void> {
  let pauseAt = SLICE_BYTES;
  for (const frame of readFrames(bytes)) {
    visit(frame);
    if (frame.end < pauseAt) continue;
    pauseAt = frame.end + SLICE_BYTES;
    await setImmediate();
  }
}

/** Reads a segment, whatever is in it. */
export async function readContents(bytes: Buffer): Promise<Contents> {
  const reading = new Reading();
  await eachFrame(bytes, (frame) => reading.take(frame));
  return reading.contents();
}

class Reading {
  readonly #entries = new Map<number, StoredEntry>();
  readonly #acknowledged = new Set<number>();
  #isAdopted = false;
  #lastNumber = -1;
  /** Damage after the last entry that can be read. */
  #lastEntries = 0;
  #lastUnknown = 0;

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
    // Entries count up, so gaps tell what is missing. Only what comes after the last number leaves nothing but traces.
    const traces = this.#lastEntries > 0 ? this.#lastEntries : Math.min(this.#lastUnknown, 1);
    const end = next + Math.max(0, traces - (next - 1 - this.#lastNumber));
    const damaged: number[] = [];
    for (let number = 0; number < end; number++) if (!known.has(number)) damaged.push(number);
    const entries = [...this.#entries.values()].filter(({ number }) => !this.#acknowledged.has(number));
    return { entries, damaged, next: end };
  }

  #entry(body: unknown): void {
    // The process that owned the segment before woke up and wrote on: it knows, and has written it elsewhere again.
    if (this.#isAdopted) return;
    const entry = toEntry(body);
    if (entry === undefined) {
      this.#damage('entry');
      return;
    }
    this.#entries.set(entry.number, entry);
    this.#lastNumber = Math.max(this.#lastNumber, entry.number);
    this.#lastEntries = 0;
    this.#lastUnknown = 0;
  }

  #acknowledge(body: unknown): void {
    for (const number of fromRanges(body)) this.#acknowledged.add(number);
  }

  #damage(was: Damage['was']): void {
    if (was === 'entry') this.#lastEntries++;
    else if (was === undefined) this.#lastUnknown++;
  }
}

function toEntry(body: unknown): StoredEntry | undefined {
  if (!Array.isArray(body)) return undefined;
  const [number, writtenAtMillis, value] = body;
  return isNumber(number) && typeof writtenAtMillis === 'number' ? { number, writtenAtMillis, value } : undefined;
}

/** `[1, 2, 3, 7]` → `[1, 3, 7, 7]`: the first and the last of each run. */
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
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST_ENTRIES;
}
