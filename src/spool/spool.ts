import { type Clock, guarded } from '../util/index.js';
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
const MAX_SEGMENT_BYTES = 1024 * 1024;
const NOT_DURABLE: Appended = { ids: [], isDurable: false };

/** Opens a spool. Returns at once and accesses the disk in the background. Never throws. */
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
  #onTaken: ((ids: readonly string[]) => void) | undefined;
  #isReady = false;
  #isClosed = false;
  #upkeepRunning: Promise<void> | undefined;
  #writing: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;

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
      segmentBytes: Math.min(MAX_SEGMENT_BYTES, maxBytes * SEGMENT_SHARE),
      maxReadBytes: 2 * maxBytes,
      hasLapsed: () => this.#heartbeat.hasLapsed,
      onTaken: (ids) => this.#reportTaken(ids),
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
      onAcknowledged: () => void this.#scheduleWrite(),
    });
  }

  /** Runs the upkeep now, and then at each heartbeat. */
  start(): void {
    if (this.#isClosed) return;
    void this.#heartbeat.keepUp();
    void this.#runUpkeep();
    this.#cancelTimer = this.#clock.after(BEAT_MILLIS, () => this.start());
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
    if (!this.#isClosed && this.#segments.hasUnjournaled) void this.#scheduleWrite();
  }

  onRecovered(listener: (entries: readonly RecoveredEntry[]) => void): void {
    this.#adoption.onRecovered = listener;
    void this.#runUpkeep();
  }

  onExpired(listener: (values: readonly unknown[]) => void): void {
    this.#adoption.onExpired = listener;
  }

  onTaken(listener: (ids: readonly string[]) => void): void {
    this.#onTaken = listener;
  }

  async verify(): Promise<void> {
    if (this.#isClosed || !this.#heartbeat.hasLapsed) return;
    await this.#mutex.run(() => this.#check()).catch((error) => this.#health.failed('upkeep', error));
    // Waits until the listener of onTaken() has run; see #reportTaken().
    await new Promise((resolve) => setImmediate(resolve));
  }

  put(key: string, value: unknown): void {
    if (this.#keyValues.put(key, value) && !this.#isClosed) void this.#scheduleWrite();
  }

  async readAll(): Promise<readonly KeyValueEntry[]> {
    // A refused directory is not read either, because anybody may have written to it.
    await this.#mutex.run(() => this.#ready()).catch((error) => this.#health.failed('directory', error));
    return this.#keyValues.readAll(this.#isReady);
  }

  stats(): SpoolStats {
    const { counts } = this.#adoption;
    const { pending } = this.#segments;
    return { bytes: this.#quota.bytes, pending, ...counts, ...this.#counts, failure: this.#health.reason };
  }

  async flush(): Promise<void> {
    await this.#upkeepRunning;
    await this.#scheduleWrite();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#upkeepRunning;
    await this.#mutex.run(async () => {
      await this.#segments.seal();
      await this.#write().catch((error) => this.#health.failed('upkeep', error));
      await this.#release();
    });
  }

  closeSync(values: readonly unknown[] = []): boolean {
    this.#end();
    const isDurable = this.appendSync(values);
    this.#segments.journalSync();
    try {
      this.#keyValues.flushSync();
    } catch {
      // The key values are a help, not a promise.
    }
    this.#heartbeat.releaseSync();
    // Closes the files in case the process does not end.
    void this.#mutex.run(() => this.#release());
    return isDurable;
  }

  async #release(): Promise<void> {
    await this.#segments.seal();
    await this.#keyValues.close();
    await this.#heartbeat.release();
  }

  #end(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  async #append(texts: readonly string[]): Promise<Appended> {
    if (this.#health.isPaused) return NOT_DURABLE;
    try {
      await this.#ready();
      const cleanups = [() => this.#segments.journal(), () => this.#segments.compact()];
      if (!(await this.#quota.hasRoomFor(sizeOf(texts), cleanups))) {
        this.#health.report('full', `its files have reached ${this.#options.maxBytes} bytes (maxBytes)`);
        return NOT_DURABLE;
      }
      const ids = await this.#store(texts);
      this.#health.recovered('append');
      return { ids, isDurable: true };
    } catch (error) {
      // After closeSync() this append is void, so its error does not matter.
      if (!this.#isClosed) this.#health.failed('append', error);
      return NOT_DURABLE;
    }
  }

  async #store(texts: readonly string[]): Promise<readonly string[]> {
    try {
      return await this.#segments.append(texts);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Somebody removed the directory, so it is created again.
      this.#isReady = false;
      await this.#ready();
      return this.#segments.append(texts);
    }
  }

  /** Makes sure that the directory exists, is private, and has a heartbeat of this process. */
  async #ready(): Promise<void> {
    if (this.#isReady) return;
    await prepareDirectory(this.#directory.files, this.#directory.root);
    // Before the first file, because the files of a process without a heartbeat are adopted.
    await this.#heartbeat.beat();
    this.#isReady = true;
  }

  /** Writes acknowledgements and key values. Calls before the write starts share its promise. */
  #scheduleWrite(): Promise<void> {
    this.#writing ??= this.#mutex.run(async () => {
      this.#writing = undefined;
      try {
        await this.#ready();
        await this.#write();
      } catch (error) {
        this.#health.failed('upkeep', error);
      }
    });
    return this.#writing;
  }

  /** Key values first: a process killed in between posts something twice, but shows no lower count than before. */
  async #write(): Promise<void> {
    try {
      if (this.#quota.fits(0)) await this.#keyValues.flush();
    } finally {
      await this.#segments.journal();
    }
  }

  /** Runs the upkeep. Calls during a running one share its promise. */
  #runUpkeep(): Promise<void> {
    this.#upkeepRunning ??= this.#upkeep().finally(() => {
      this.#upkeepRunning = undefined;
    });
    return this.#upkeepRunning;
  }

  async #upkeep(): Promise<void> {
    try {
      await this.#mutex.run(() => this.#refresh());
      this.#health.recovered('directory');
      await this.#adoption.adoptAll();
      this.#health.recovered('upkeep');
    } catch (error) {
      this.#health.failed(this.#isReady ? 'upkeep' : 'directory', error);
    }
  }

  async #refresh(): Promise<void> {
    if (this.#isClosed) return;
    // Before the beat, which hides that the heartbeat has lapsed.
    await this.#check();
    const wasReady = this.#isReady;
    this.#isReady = false;
    await this.#ready();
    if (wasReady || this.#segments.hasUnjournaled) await this.#write();
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

  #reportTaken(ids: readonly string[]): void {
    this.#counts.taken += ids.length;
    // Later, because the caller of append() must receive its ids first.
    setImmediate(() => guarded(() => this.#onTaken?.(ids)));
  }
}
