import { type Clock, guarded, waitAtMost } from '../util/index.js';
import { Adoption } from './adoption.js';
import { Appender } from './appender.js';
import { prepareDirectory, prepareDirectorySync } from './disk/directory-permissions.js';
import { DiskQueue, processDiskQueue } from './disk/disk-queue.js';
import { DiskHangs } from './disk/errors.js';
import { leaveHangingDisk } from './disk/exit-probe.js';
import { systemFiles } from './disk/files.js';
import { Health } from './disk/health.js';
import { limitFiles } from './disk/limited-files.js';
import { Mutex } from './disk/mutex.js';
import { Quota } from './disk/quota.js';
import { SpoolDirectory } from './disk/spool-directory.js';
import { EntryReports } from './entry-reports.js';
import { BEAT_MILLIS, Heartbeat, readHeartbeats } from './heartbeat.js';
import { Journal } from './journal.js';
import { toTexts, toTextsInSlices } from './json-texts.js';
import { type KeyValueEntry, KeyValueLog } from './key-value-log.js';
import { Segments } from './segments/segments.js';
import type { Appended, Heartbeats, RecoveredEntry, Spool, SpoolOptions, SpoolStats } from './types.js';

const SEGMENT_SHARE = 1 / 16;
const MAX_SEGMENT_BYTES = 1024 * 1024;
/** An operation on the disk that takes longer is given up. */
const MAX_OPERATION_MILLIS = 3_000;
/** A delivery waits no longer than this for the disk. */
const MAX_VERIFY_MILLIS = 1_000;
const NOT_DURABLE: Appended = { ids: [], isDurable: false };

/** Opens a spool. Returns at once and accesses the disk in the background. Never throws. */
export function openSpool(options: SpoolOptions): Spool {
  const spool = new DiskSpool(options);
  spool.start();
  return spool;
}

class DiskSpool implements Spool {
  readonly #clock: Clock;
  readonly #queue: DiskQueue;
  readonly #directory: SpoolDirectory;
  readonly #heartbeat: Heartbeat;
  readonly #segments: Segments;
  readonly #appender: Appender;
  readonly #journal: Journal;
  readonly #adoption: Adoption;
  readonly #keyValues: KeyValueLog;
  readonly #quota: Quota;
  readonly #health: Health;
  readonly #mutex = new Mutex();
  readonly #reports = new EntryReports();
  readonly #unwatch: () => void;
  #onRetry: (() => void) | undefined;
  #isReady = false;
  #wasReady = false;
  #isClosed = false;
  #upkeepRunning: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SpoolOptions) {
    const { clock, maxBytes, files = systemFiles, maxOperationMillis: maxMillis = MAX_OPERATION_MILLIS } = options;
    const segmentBytes = Math.min(MAX_SEGMENT_BYTES, maxBytes * SEGMENT_SHARE);
    this.#clock = clock;
    // Other files than this machine's do not use its threads.
    this.#queue = options.files === undefined ? processDiskQueue() : new DiskQueue();
    const limited = limitFiles(files, { queue: this.#queue, clock, maxMillis });
    this.#directory = new SpoolDirectory(options.directory, options.newId, limited);
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
      segmentBytes,
      maxReadBytes: 2 * maxBytes,
      hasLapsed: () => this.#heartbeat.hasLapsed,
      onTaken: (ids) => this.#reports.taken(ids),
      onVanished: (ids) => this.#reports.vanished(ids),
    });
    this.#appender = new Appender({
      segments: this.#segments,
      quota: this.#quota,
      health: this.#health,
      pieceBytes: segmentBytes,
      maxBytes,
      ready: (isAgain) => this.#ready(isAgain),
      readySync: (isAgain) => {
        if (!this.#isReady || isAgain) prepareDirectorySync(limited.sync, this.#directory.root);
      },
      isClosed: () => this.#isClosed,
    });
    this.#unwatch = this.#queue.watch({
      onHang: () => this.#health.failed('hang', new DiskHangs()),
      onAnswer: () => this.#answered(),
    });
    this.#journal = new Journal({
      segments: this.#segments,
      keyValues: this.#keyValues,
      quota: this.#quota,
      health: this.#health,
      mutex: this.#mutex,
      ready: () => this.#ready(),
    });
    this.#adoption = new Adoption({
      directory: this.#directory,
      clock,
      segments: this.#segments,
      keyValues: this.#keyValues,
      mutex: this.#mutex,
      maxAgeMillis: options.maxAgeMillis,
      isClosed: () => this.#isClosed,
      onAcknowledged: () => void this.#journal.schedule(),
    });
  }

  get id(): string {
    return this.#directory.owner;
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
    return this.#mutex.run(() => this.#appender.append(texts));
  }

  appendSync(values: readonly unknown[]): boolean {
    const texts = toTexts(values);
    return texts !== undefined && this.#appender.appendSync(texts);
  }

  acknowledge(ids: readonly string[]): void {
    this.#segments.acknowledge(ids);
    if (!this.#isClosed && this.#segments.hasUnjournaled) void this.#journal.schedule();
  }

  onRecovered(listener: (entries: readonly RecoveredEntry[]) => void): void {
    this.#adoption.onRecovered = listener;
    void this.#runUpkeep();
  }

  onExpired(listener: (values: readonly unknown[]) => void): void {
    this.#adoption.onExpired = listener;
  }

  onTaken(listener: (ids: readonly string[]) => void): void {
    this.#reports.onTaken = listener;
  }

  onVanished(listener: (ids: readonly string[]) => void): void {
    this.#reports.onVanished = listener;
  }

  onRetry(listener: () => void): void {
    this.#onRetry = listener;
  }

  async verify(): Promise<void> {
    if (!this.#heartbeat.hasLapsed || this.#queue.isHanging) return;
    await waitAtMost(this.#clock, this.#clock.monotonic() + MAX_VERIFY_MILLIS, () => this.check());
  }

  async check(): Promise<void> {
    if (this.#isClosed || this.#queue.isHanging) return;
    await this.#mutex.run(() => this.#check()).catch((error) => this.#health.failed('upkeep', error));
    await this.#reports.delivered();
  }

  checkSync(): void {
    this.#reports.isSync = true;
    this.#segments.checkSync();
    this.#reports.isSync = false;
  }

  put(key: string, value: unknown): void {
    if (this.#keyValues.put(key, value) && !this.#isClosed) void this.#journal.schedule();
  }

  async readAll(): Promise<readonly KeyValueEntry[]> {
    // A refused directory is not read either, because anybody may have written to it.
    await this.#mutex.run(() => this.#ready()).catch((error) => this.#health.failed('directory', error));
    return this.#keyValues.readAll(this.#isReady);
  }

  async heartbeats(): Promise<Heartbeats | undefined> {
    if (!this.#isReady) return undefined;
    return readHeartbeats(this.#directory).catch(() => undefined);
  }

  stats(): SpoolStats {
    const { counts } = this.#adoption;
    const { pending } = this.#segments;
    return { bytes: this.#quota.bytes, pending, ...counts, ...this.#reports.counts, failure: this.#health.reason };
  }

  async flush(): Promise<void> {
    await this.#upkeepRunning;
    await this.#journal.schedule();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#upkeepRunning;
    await this.#mutex.run(async () => {
      await this.#segments.seal();
      await this.#journal.write().catch((error) => this.#health.failed('upkeep', error));
      await this.#release();
    });
  }

  closeSync(values: readonly unknown[] = []): boolean {
    this.#end();
    leaveHangingDisk(this.#queue, this.#directory.own(this.#directory.newId(), 'memory'));
    const isDurable = this.appendSync(values);
    this.#journal.writeSync();
    this.#heartbeat.releaseSync();
    // Closes the files in case the process does not end.
    void this.#mutex.run(() => this.#release());
    return isDurable;
  }

  async #release(): Promise<void> {
    await this.#segments.seal();
    await this.#keyValues.close();
    await this.#heartbeat.release();
    // A disk that hangs is still watched, so that the acknowledgements are written when it answers.
    if (!this.#queue.isHanging) this.#unwatch();
  }

  #end(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  /** Makes sure that the directory exists, is private, and has a heartbeat of this process. */
  async #ready(isAgain = false): Promise<void> {
    if (this.#isReady && !isAgain) return;
    this.#isReady = false;
    await prepareDirectory(this.#directory.files, this.#directory.root);
    // Before the first file, because the files of a process without a heartbeat are adopted.
    await this.#heartbeat.beat();
    this.#isReady = true;
    this.#wasReady = true;
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
      if (this.#appender.isRetryDue) guarded(() => this.#onRetry?.());
    } catch (error) {
      this.#health.failed(this.#isReady ? 'upkeep' : 'directory', error);
    }
  }

  async #refresh(): Promise<void> {
    if (this.#isClosed) return;
    // Before the beat, which hides that the heartbeat has lapsed.
    await this.#check();
    const wasReady = this.#isReady;
    await this.#ready(true);
    if (wasReady || this.#segments.hasUnjournaled) await this.#journal.write();
  }

  async #check(): Promise<void> {
    if (!this.#wasReady) return;
    const names = await this.#directory.listIfExists();
    await this.#segments.check(names);
    this.#keyValues.check(names);
    await this.#quota.measure(names);
  }

  #answered(): void {
    this.#health.recovered('hang');
    if (this.#isClosed) void this.close();
    else void this.#runUpkeep();
  }
}
