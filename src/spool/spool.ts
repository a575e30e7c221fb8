import type { Clock } from '../util/clock.js';
import { guarded } from '../util/guarded.js';
import { Adoption } from './adoption.js';
import { prepareDirectory, prepareDirectorySync } from './disk/directory-permissions.js';
import { isMissing } from './disk/errors.js';
import { Health } from './disk/health.js';
import { Mutex } from './disk/mutex.js';
import { Quota } from './disk/quota.js';
import { SpoolDirectory } from './disk/spool-directory.js';
import { BEAT_MILLIS, Heartbeat } from './heartbeat.js';
import { sizeOf, toTexts, toTextsInSlices } from './json-texts.js';
import { type KeyValueEntry, KeyValueLog } from './key-value-log.js';
import { Segments } from './segments/segments.js';
import type { Appended, RecoveredEntry, Spool, SpoolOptions, SpoolStats } from './types.js';

const SEGMENT_SHARE = 1 / 16;
const MOST_SEGMENT_BYTES = 1024 * 1024;
const NOT_DURABLE: Appended = { ids: [], isDurable: false };

/** Opens a spool: at once, without a look at the disk, which happens in the background. Never throws. */
export function openSpool(options: SpoolOptions): Spool {
  const spool = new DiskSpool(options);
  spool.start();
  return spool;
}

class DiskSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #clock: Clock;
  readonly #directory: SpoolDirectory;
  readonly #heartbeat: Heartbeat;
  readonly #segments: Segments;
  readonly #adoption: Adoption;
  readonly #keyValues: KeyValueLog;
  readonly #quota: Quota;
  readonly #health: Health;
  readonly #mutex = new Mutex();
  readonly #counts = { taken: 0, vanished: 0 };
  #taken: ((ids: readonly string[]) => void) | undefined;
  #isReady = false;
  #isClosed = false;
  #ticking: Promise<void> | undefined;
  #tidying: Promise<void> | undefined;
  #cancelTick: (() => void) | undefined;

  constructor(options: SpoolOptions) {
    const { clock, maxBytes } = options;
    this.#options = options;
    this.#clock = clock;
    this.#directory = new SpoolDirectory(options.directory, options.newId, options.files);
    this.#heartbeat = new Heartbeat(this.#directory, clock);
    this.#keyValues = new KeyValueLog(this.#directory, clock, maxBytes);
    this.#health = new Health(clock, options.warn);
    this.#quota = new Quota({
      directory: this.#directory,
      maxBytes,
      ownBytes: () => this.#segments.bytes + this.#keyValues.bytes,
    });
    this.#segments = new Segments({
      directory: this.#directory,
      clock,
      segmentBytes: Math.min(MOST_SEGMENT_BYTES, maxBytes * SEGMENT_SHARE),
      mostBytes: 2 * maxBytes,
      hasLapsed: () => this.#heartbeat.hasLapsed,
      onTaken: (ids) => this.#lost(ids),
      onVanished: (count) => {
        this.#counts.vanished += count;
      },
    });
    this.#adoption = new Adoption({
      directory: this.#directory,
      clock,
      segments: this.#segments,
      keyValues: this.#keyValues,
      mutex: this.#mutex,
      maxAgeMillis: options.maxAgeMillis,
      isClosed: () => this.#isClosed,
      onNews: () => void this.#tidy(),
    });
  }

  /** Upkeep now, and again and again. */
  start(): void {
    if (this.#isClosed) return;
    void this.#heartbeat.keepUp();
    void this.#tick();
    this.#cancelTick = this.#clock.after(BEAT_MILLIS, () => this.start());
  }

  async append(values: readonly unknown[]): Promise<Appended> {
    if (values.length === 0) return { ids: [], isDurable: true };
    const texts = await toTextsInSlices(values, this.#clock);
    if (texts === undefined || this.#isClosed) return NOT_DURABLE;
    return this.#mutex.run(() => this.#append(texts));
  }

  appendSync(values: readonly unknown[]): boolean {
    if (values.length === 0) return true;
    const texts = toTexts(values);
    if (texts === undefined || !this.#quota.fits(sizeOf(texts))) return false;
    try {
      if (!this.#isReady) prepareDirectorySync(this.#directory.files.sync, this.#directory.root);
      this.#segments.appendSync(texts);
      return true;
    } catch (error) {
      this.#health.failed('append', error);
      return false;
    }
  }

  acknowledge(ids: readonly string[]): void {
    this.#segments.acknowledge(ids);
    if (!this.#isClosed && this.#segments.hasNews) void this.#tidy();
  }

  onRecovered(listener: (entries: readonly RecoveredEntry[]) => void): void {
    this.#adoption.onRecovered = listener;
    void this.#tick();
  }

  onExpired(listener: (values: readonly unknown[]) => void): void {
    this.#adoption.onExpired = listener;
  }

  onTaken(listener: (ids: readonly string[]) => void): void {
    this.#taken = listener;
  }

  async verify(): Promise<void> {
    if (this.#isClosed || !this.#heartbeat.hasLapsed) return;
    await this.#mutex.run(() => this.#check()).catch((error) => this.#health.failed('upkeep', error));
    // So that onTaken() has been called; see #lost().
    await new Promise((resolve) => setImmediate(resolve));
  }

  put(key: string, value: unknown): void {
    if (this.#keyValues.put(key, value) && !this.#isClosed) void this.#tidy();
  }

  async readAll(): Promise<readonly KeyValueEntry[]> {
    // A directory that is refused is not read either: anybody may have written to it.
    await this.#mutex.run(() => this.#ready()).catch((error) => this.#health.failed('directory', error));
    return this.#keyValues.readAll(this.#isReady);
  }

  stats(): SpoolStats {
    const { counts } = this.#adoption;
    const { pending } = this.#segments;
    return { bytes: this.#quota.bytes, pending, ...counts, ...this.#counts, trouble: this.#health.reason };
  }

  async flush(): Promise<void> {
    await this.#ticking;
    await this.#tidy();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#ticking;
    await this.#mutex.run(async () => {
      await this.#segments.seal();
      await this.#write().catch((error) => this.#health.failed('upkeep', error));
      await this.#letGo();
    });
  }

  closeSync(values: readonly unknown[] = []): boolean {
    this.#end();
    const isDurable = this.appendSync(values);
    this.#segments.journalSync();
    try {
      this.#keyValues.flushSync();
    } catch {
      // What is remembered is a help, not a promise.
    }
    this.#heartbeat.releaseSync();
    // If the process goes on after all, its files are closed.
    void this.#mutex.run(() => this.#letGo());
    return isDurable;
  }

  async #letGo(): Promise<void> {
    await this.#segments.seal();
    await this.#keyValues.close();
    await this.#heartbeat.release();
  }

  #end(): void {
    this.#isClosed = true;
    this.#cancelTick?.();
  }

  async #append(texts: readonly string[]): Promise<Appended> {
    if (this.#health.isPaused) return NOT_DURABLE;
    try {
      await this.#ready();
      const ways = [() => this.#segments.journal(), () => this.#segments.compact()];
      if (!(await this.#quota.hasFor(sizeOf(texts), ways))) {
        this.#health.said('full', `it holds its ${this.#options.maxBytes} bytes`);
        return NOT_DURABLE;
      }
      const ids = await this.#store(texts);
      this.#health.mended('append');
      return { ids, isDurable: true };
    } catch (error) {
      // After closeSync() it was void anyway.
      if (!this.#isClosed) this.#health.failed('append', error);
      return NOT_DURABLE;
    }
  }

  async #store(texts: readonly string[]): Promise<readonly string[]> {
    try {
      return await this.#segments.append(texts);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Somebody removed the directory: a new one is as good.
      this.#isReady = false;
      await this.#ready();
      return this.#segments.append(texts);
    }
  }

  /** The directory is there and for us alone, and the others see that we live. */
  async #ready(): Promise<void> {
    if (this.#isReady) return;
    await prepareDirectory(this.#directory.files, this.#directory.root);
    // What a process without a heartbeat has written belongs to everybody.
    await this.#heartbeat.beat();
    this.#isReady = true;
  }

  /** Writes what is new. Calls while it waits for its turn are one. */
  #tidy(): Promise<void> {
    this.#tidying ??= this.#mutex.run(async () => {
      this.#tidying = undefined;
      try {
        await this.#ready();
        await this.#write();
      } catch (error) {
        this.#health.failed('upkeep', error);
      }
    });
    return this.#tidying;
  }

  /** What was said comes first: who is killed in between says something twice, and takes nothing back. */
  async #write(): Promise<void> {
    try {
      if (this.#quota.fits(0)) await this.#keyValues.flush();
    } finally {
      await this.#segments.journal();
    }
  }

  /** Upkeep, unless it is under way. */
  #tick(): Promise<void> {
    this.#ticking ??= this.#upkeep().finally(() => {
      this.#ticking = undefined;
    });
    return this.#ticking;
  }

  async #upkeep(): Promise<void> {
    try {
      await this.#mutex.run(() => this.#look());
      this.#health.mended('directory');
      await this.#adoption.adoptAll();
      this.#health.mended('upkeep');
    } catch (error) {
      this.#health.failed(this.#isReady ? 'upkeep' : 'directory', error);
    }
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return;
    // First, because after the beat nothing tells any more that we slept.
    await this.#check();
    const wasReady = this.#isReady;
    this.#isReady = false;
    await this.#ready();
    if (wasReady || this.#segments.hasNews) await this.#write();
  }

  async #check(): Promise<void> {
    if (!this.#isReady) return;
    const names = await this.#directory.list().catch((error) => {
      if (isMissing(error)) return [];
      throw error;
    });
    await this.#segments.check(names);
    await this.#quota.measure(names);
  }

  #lost(ids: readonly string[]): void {
    this.#counts.taken += ids.length;
    // Later, because the caller of append() must first learn which ids are its own.
    setImmediate(() => guarded(() => this.#taken?.(ids)));
  }
}
