import type { Clock } from '../util/clock.js';
import { closeQuietly, writeAll, writeAllSync } from './disk/disk.js';
import type { FileName } from './disk/file-names.js';
import type { OpenFile } from './disk/files.js';
import type { SpoolDirectory } from './disk/spool-directory.js';
import { eachFrame } from './segments/contents.js';
import { encodeFrame } from './segments/frame.js';

/** The latest value of a key. */
export interface KeyValueEntry {
  readonly key: string;
  readonly value: unknown;
  /** Wall clock, milliseconds since 1970; never in the future. */
  readonly writtenAtMillis: number;
}

/** No more keys than these are remembered: the latest. */
const MOST_KEYS = 2_000;
/** Above the bound for a while, so that not each new key costs a sort. */
const CUT_ABOVE_KEYS = 1.1 * MOST_KEYS;
/** What takes more than that is not worth remembering. */
const MOST_FRAME_BYTES = 16 * 1024;
/** All frames together, as a part of the directory. */
const MOST_SHARE = 1 / 16;
/** A file that is so much larger than what it says is written anew. */
const SLACK_BYTES = 64 * 1024;
/** A file that disappears while all are read has a new name, or a successor: look again. */
const MOST_LOOKS = 5;

interface Item extends KeyValueEntry {
  readonly frame: Buffer;
}

/** What the processes of a directory remember. Each writes its own file, at whose end the latest stands, and reads all. */
export class KeyValueLog {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  readonly #mostBytes: number;
  readonly #items = new Map<string, Item>();
  /** What the file does not say yet. */
  readonly #pending = new Map<string, Item>();
  #file: OpenFile | undefined;
  #birth: string | undefined;
  #fileBytes = 0;
  #liveBytes = 0;
  #lastMillis = 0;

  constructor(directory: SpoolDirectory, clock: Clock, maxBytes: number) {
    this.#directory = directory;
    this.#clock = clock;
    this.#mostBytes = maxBytes * MOST_SHARE;
  }

  get bytes(): number {
    return this.#fileBytes;
  }

  /** Whether it will be written: what is no JSON, or too long, is not. */
  put(key: string, value: unknown): boolean {
    // Wall clocks jump back; what comes later is later nevertheless.
    const writtenAtMillis = Math.max(this.#clock.now(), this.#lastMillis + 1);
    const item = toItem({ key, value, writtenAtMillis });
    if (item === undefined) return false;
    this.#lastMillis = writtenAtMillis;
    this.#take(item);
    return true;
  }

  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const items = new Map(this.#pending);
    const bytes = Buffer.concat(Array.from(items.values(), ({ frame }) => frame));
    const isOurs =
      this.#birth !== undefined && (await this.#directory.hasFile(this.#directory.own(this.#birth, 'memory')));
    if (!isOurs || this.#fileBytes + bytes.length > 2 * this.#liveBytes + SLACK_BYTES) return this.#rewrite();
    await writeAll(this.#file as OpenFile, bytes);
    this.#fileBytes += bytes.length;
    this.#written(items);
  }

  /** At the end of a process. */
  flushSync(): void {
    if (this.#pending.size === 0) return;
    const { sync } = this.#directory.files;
    // A file of its own: an asynchronous write may be under way in the other one.
    const descriptor = sync.create(this.#directory.own(this.#directory.newId(), 'memory'));
    try {
      for (const { frame } of this.#pending.values()) writeAllSync(sync, descriptor, frame);
    } finally {
      sync.close(descriptor);
    }
    this.#pending.clear();
  }

  /** What all processes remember, the living and the dead: the latest value of each key, newest first. Never rejects. */
  async readAll(mayRead: boolean): Promise<readonly KeyValueEntry[]> {
    const others = mayRead ? await this.#others().catch(() => []) : [];
    const nowMillis = this.#clock.now();
    const latest = new Map<string, KeyValueEntry>();
    for (const item of [...others, ...this.#items.values()]) {
      const { key, value } = item;
      const writtenAtMillis = Math.min(item.writtenAtMillis, nowMillis);
      if (writtenAtMillis >= (latest.get(key)?.writtenAtMillis ?? 0)) latest.set(key, { key, value, writtenAtMillis });
    }
    return newestFirst(latest.values()).slice(0, MOST_KEYS);
  }

  /** Makes what a dead process remembered ours. */
  async adopt(name: FileName): Promise<void> {
    if (name.segmentId === this.#birth) return;
    if (name.holder !== this.#directory.owner && !(await this.#directory.take(name))) return;
    const path = this.#directory.own(name.segmentId, 'memory');
    const bytes = await this.#directory.read(path, 4 * this.#mostBytes + SLACK_BYTES);
    if (bytes === undefined) return;
    const nowMillis = this.#clock.now();
    for (const item of await readItems(bytes)) {
      const writtenAtMillis = Math.min(item.writtenAtMillis, nowMillis);
      const known = this.#items.get(item.key);
      const fresh = known === undefined || known.writtenAtMillis < writtenAtMillis;
      const taken = fresh ? toItem({ ...item, writtenAtMillis }) : undefined;
      if (taken !== undefined) this.#take(taken);
    }
    await this.flush();
    await this.#directory.remove(path);
  }

  async close(): Promise<void> {
    await closeQuietly(this.#file);
    this.#file = undefined;
    this.#birth = undefined;
  }

  #take(item: Item): void {
    this.#liveBytes += item.frame.length - (this.#items.get(item.key)?.frame.length ?? 0);
    this.#items.set(item.key, item);
    this.#pending.set(item.key, item);
    if (this.#items.size > CUT_ABOVE_KEYS || this.#liveBytes > this.#mostBytes) this.#cut();
  }

  /** Forgets the oldest. */
  #cut(): void {
    const items = newestFirst(this.#items.values());
    while (items.length > MOST_KEYS || this.#liveBytes > this.#mostBytes) {
      const oldest = items.pop();
      if (oldest === undefined) return;
      this.#items.delete(oldest.key);
      this.#pending.delete(oldest.key);
      this.#liveBytes -= oldest.frame.length;
    }
  }

  /** All of it in a new file, and only then without the old one. */
  async #rewrite(): Promise<void> {
    const { files } = this.#directory;
    const items = new Map(this.#items);
    const bytes = Buffer.concat(Array.from(items.values(), ({ frame }) => frame));
    const birth = this.#directory.newId();
    const path = this.#directory.own(birth, 'memory');
    const file = await files.create(path, 'append');
    try {
      await writeAll(file, bytes);
      await file.datasync();
    } catch (error) {
      await closeQuietly(file);
      await files.remove(path).catch(() => {});
      throw error;
    }
    const old = { file: this.#file, birth: this.#birth };
    this.#file = file;
    this.#birth = birth;
    this.#fileBytes = bytes.length;
    this.#written(items);
    await closeQuietly(old.file);
    if (old.birth !== undefined) await this.#directory.remove(this.#directory.own(old.birth, 'memory'));
  }

  #written(items: ReadonlyMap<string, Item>): void {
    for (const [key, item] of items) if (this.#pending.get(key) === item) this.#pending.delete(key);
  }

  async #others(): Promise<readonly KeyValueEntry[]> {
    for (let look = 1; ; look++) {
      const names = (await this.#directory.list()).filter(
        ({ kind, segmentId }) => kind === 'memory' && segmentId !== this.#birth,
      );
      const all: KeyValueEntry[] = [];
      let isWhole = true;
      for (const { name } of names) {
        const bytes = await this.#directory.read(this.#directory.path(name), 4 * this.#mostBytes + SLACK_BYTES);
        if (bytes === undefined) isWhole = false;
        else all.push(...(await readItems(bytes)));
      }
      if (isWhole || look === MOST_LOOKS) return all;
    }
  }
}

async function readItems(bytes: Buffer): Promise<readonly KeyValueEntry[]> {
  const items: KeyValueEntry[] = [];
  await eachFrame(bytes, (frame) => {
    if (frame.kind !== 'memory' || !Array.isArray(frame.body)) return;
    const [writtenAtMillis, key, value] = frame.body;
    if (typeof writtenAtMillis === 'number' && typeof key === 'string') items.push({ key, value, writtenAtMillis });
  });
  return items;
}

function toItem({ key, value, writtenAtMillis }: KeyValueEntry): Item | undefined {
  const text = toJson([writtenAtMillis, key, value]);
  const frame = text === undefined ? undefined : encodeFrame('memory', text);
  return frame && frame.length <= MOST_FRAME_BYTES ? { key, value, writtenAtMillis, frame } : undefined;
}

/** Undefined for what JSON cannot say. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function newestFirst<T extends KeyValueEntry>(items: Iterable<T>): T[] {
  return [...items].sort((a, b) => b.writtenAtMillis - a.writtenAtMillis);
}
