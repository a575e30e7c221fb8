import type { Clock } from '../util/index.js';
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

/** The highest number of keys. The newest are kept. */
const MAX_KEYS = 2_000;
/** Old keys are evicted only above this number, so that not each new key costs a sort. */
const EVICT_ABOVE_KEYS = 1.1 * MAX_KEYS;
/** A larger frame is not stored. */
const MAX_FRAME_BYTES = 16 * 1024;
/** The share of the spool's bytes that all frames may need. */
const MAX_SHARE = 1 / 16;
/** A file that exceeds twice its live bytes by this much is rewritten. A small spool has less slack. */
const REWRITE_SLACK_BYTES = 64 * 1024;
/** A key that begins with this ends with its process. */
const PROCESS_KEY = '!';
/** If a file is renamed or replaced while all files are read, they are read again, at most this often. */
const MAX_READS = 5;

interface Item extends KeyValueEntry {
  readonly frame: Buffer;
  /**
   * The later of two values of a key has the higher rank: the time by the clock of its process, or infinite when this
   * process has put it. The time in the file is no rank, because all times ahead of this clock become the same.
   */
  readonly rank: number;
}

/** A log of key-value pairs that the processes of a directory share. Each appends to its own file and reads all files. */
export class KeyValueLog {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #items = new Map<string, Item>();
  /** Items that are not written to the file yet. */
  readonly #pending = new Map<string, Item>();
  #file: OpenFile | undefined;
  #fileId: string | undefined;
  #fileBytes = 0;
  #liveBytes = 0;
  #lastMillis = 0;

  constructor(directory: SpoolDirectory, clock: Clock, maxBytes: number) {
    this.#directory = directory;
    this.#clock = clock;
    this.#maxBytes = maxBytes * MAX_SHARE;
  }

  get bytes(): number {
    return this.#fileBytes;
  }

  /** How much the directory grows with the next flush(). */
  get unwrittenBytes(): number {
    if (this.#pending.size === 0) return 0;
    return this.#mustRewrite ? this.#liveBytes : this.#pendingBytes;
  }

  get #pendingBytes(): number {
    let bytes = 0;
    for (const { frame } of this.#pending.values()) bytes += frame.length;
    return bytes;
  }

  get #mustRewrite(): boolean {
    const slackBytes = Math.min(REWRITE_SLACK_BYTES, this.#maxBytes);
    return this.#fileId === undefined || this.#fileBytes + this.#pendingBytes > 2 * this.#liveBytes + slackBytes;
  }

  /** Finds out whether somebody removed the file. Then the next flush() writes all values again. */
  check(names: readonly FileName[]): void {
    if (this.#fileId === undefined || names.some(({ segmentId }) => segmentId === this.#fileId)) return;
    for (const [key, item] of this.#items) this.#pending.set(key, item);
  }

  /** Sets the value of a key. Returns false when the value is no JSON or too long, and is not stored. */
  put(key: string, value: unknown): boolean {
    // Wall clocks jump back, but a later value must have a later time.
    const writtenAtMillis = Math.max(this.#clock.now(), this.#lastMillis + 1);
    const item = toItem({ key, value, writtenAtMillis }, Number.POSITIVE_INFINITY);
    if (item === undefined) return false;
    this.#lastMillis = writtenAtMillis;
    this.#set(item);
    return true;
  }

  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const items = new Map(this.#pending);
    const bytes = Buffer.concat(Array.from(items.values(), ({ frame }) => frame));
    const isOurs =
      this.#fileId !== undefined && (await this.#directory.hasFile(this.#directory.own(this.#fileId, 'memory')));
    if (!isOurs || this.#mustRewrite) return this.#rewrite();
    // Before the write, because a write that fails may have written a part.
    this.#fileBytes += bytes.length;
    await writeAll(this.#file as OpenFile, bytes);
    this.#written(items);
  }

  /** Writes pending items synchronously, at the end of a process. */
  flushSync(): void {
    if (this.#pending.size === 0) return;
    const { sync } = this.#directory.files;
    // A separate file, because an asynchronous write may be running in the other one.
    const descriptor = sync.create(this.#directory.own(this.#directory.newId(), 'memory'));
    try {
      for (const { frame } of this.#pending.values()) writeAllSync(sync, descriptor, frame);
    } finally {
      sync.close(descriptor);
    }
    this.#pending.clear();
  }

  /** Returns the latest value of each key in the files of all processes, living and dead, newest first. Never rejects. */
  async readAll(mayRead: boolean): Promise<readonly KeyValueEntry[]> {
    const others = mayRead ? await this.#others().catch(() => []) : [];
    const nowMillis = this.#clock.now();
    const latest = new Map<string, KeyValueEntry>();
    for (const item of [...others, ...this.#items.values()]) {
      if (item.writtenAtMillis >= (latest.get(item.key)?.writtenAtMillis ?? 0)) latest.set(item.key, item);
    }
    return newestFirst(latest.values())
      .slice(0, MAX_KEYS)
      .map(({ key, value, ...item }) => ({ key, value, writtenAtMillis: Math.min(item.writtenAtMillis, nowMillis) }));
  }

  /** Adopts the file of a dead process, and copies its newer values to the file of this process. */
  async adopt(name: FileName): Promise<void> {
    if (name.segmentId === this.#fileId) return;
    if (name.holder !== this.#directory.owner && !(await this.#directory.take(name))) return;
    const path = this.#directory.own(name.segmentId, 'memory');
    const bytes = await this.#directory.read(path, 4 * this.#maxBytes + REWRITE_SLACK_BYTES);
    if (bytes === undefined) return;
    const nowMillis = this.#clock.now();
    for (const item of await readItems(bytes)) {
      if (item.key.startsWith(PROCESS_KEY)) continue;
      const writtenAtMillis = Math.min(item.writtenAtMillis, nowMillis);
      const known = this.#items.get(item.key);
      const isNewer = known === undefined || known.rank <= item.writtenAtMillis;
      const adopted = isNewer ? toItem({ ...item, writtenAtMillis }, item.writtenAtMillis) : undefined;
      if (adopted !== undefined) this.#set(adopted);
    }
    await this.flush();
    await this.#directory.remove(path);
  }

  async close(): Promise<void> {
    await closeQuietly(this.#file);
    this.#file = undefined;
    this.#fileId = undefined;
  }

  #set(item: Item): void {
    this.#liveBytes += item.frame.length - (this.#items.get(item.key)?.frame.length ?? 0);
    this.#items.set(item.key, item);
    this.#pending.set(item.key, item);
    if (this.#items.size > EVICT_ABOVE_KEYS || this.#liveBytes > this.#maxBytes) this.#evict();
  }

  /** Removes the oldest items. */
  #evict(): void {
    const items = newestFirst(this.#items.values());
    while (items.length > MAX_KEYS || this.#liveBytes > this.#maxBytes) {
      const oldest = items.pop();
      if (oldest === undefined) return;
      this.#items.delete(oldest.key);
      this.#pending.delete(oldest.key);
      this.#liveBytes -= oldest.frame.length;
    }
  }

  /** Writes all items to a new file, and then removes the old one. */
  async #rewrite(): Promise<void> {
    const { files } = this.#directory;
    const items = new Map(this.#items);
    const bytes = Buffer.concat(Array.from(items.values(), ({ frame }) => frame));
    const fileId = this.#directory.newId();
    const path = this.#directory.own(fileId, 'memory');
    const file = await files.create(path, 'append');
    try {
      await writeAll(file, bytes);
      await file.datasync();
    } catch (error) {
      await closeQuietly(file);
      await files.remove(path).catch(() => {});
      throw error;
    }
    const old = { file: this.#file, fileId: this.#fileId };
    this.#file = file;
    this.#fileId = fileId;
    this.#fileBytes = bytes.length;
    this.#written(items);
    await closeQuietly(old.file);
    if (old.fileId !== undefined) await this.#directory.remove(this.#directory.own(old.fileId, 'memory'));
  }

  #written(items: ReadonlyMap<string, Item>): void {
    for (const [key, item] of items) if (this.#pending.get(key) === item) this.#pending.delete(key);
  }

  async #others(): Promise<readonly KeyValueEntry[]> {
    for (let attempt = 1; ; attempt++) {
      const names = (await this.#directory.list()).filter(
        ({ kind, segmentId }) => kind === 'memory' && segmentId !== this.#fileId,
      );
      const all: KeyValueEntry[] = [];
      let isComplete = true;
      for (const { name } of names) {
        const bytes = await this.#directory.read(this.#directory.path(name), 4 * this.#maxBytes + REWRITE_SLACK_BYTES);
        if (bytes === undefined) isComplete = false;
        else all.push(...(await readItems(bytes)));
      }
      if (isComplete || attempt === MAX_READS) return all;
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

function toItem({ key, value, writtenAtMillis }: KeyValueEntry, rank: number): Item | undefined {
  const text = toJson([writtenAtMillis, key, value]);
  const frame = text === undefined ? undefined : encodeFrame('memory', text);
  return frame && frame.length <= MAX_FRAME_BYTES ? { key, value, writtenAtMillis, rank, frame } : undefined;
}

/** Encodes a value as JSON. Returns undefined when that is not possible. */
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
