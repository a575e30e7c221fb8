import { decodeGroup } from '../groups/index.js';
import type { RecoveredEntry, Spool } from '../spool/index.js';
import { type Clock, countedOf, inSlices, type Slices, waitAtMost } from '../util/index.js';
import type { DestinationPipeline } from './destination.js';
import type { NotificationLog } from './notification-log.js';
import { SpoolWriter } from './spool-writer.js';

/** Options of a {@link Spooler}. */
export interface SpoolerParts {
  readonly spool: Spool;
  readonly notificationLog: NotificationLog;
  /** The last one receives saved records whose destination does not exist any more. */
  readonly destinations: readonly DestinationPipeline[];
  readonly clock: Clock;
  /** Reports records that are lost at the end of the process. */
  readonly warn: (message: string) => void;
}

/** The SDK's queue waits for a save no longer than this, also when the disk hangs. */
const MAX_SAVE_MILLIS = 2_000;
/** At the end, the last save and the close of the spool may take this long, also when the deadline is over. */
const MIN_CLOSE_MILLIS = 1_000;
/** The share of the time for a shutdown that is reserved for that, at most `MIN_CLOSE_MILLIS`. */
const CLOSE_SHARE = 0.2;
/** The destinations wait for the notification log no longer than this. */
const MAX_LOAD_MILLIS = 2_000;
/** After this time it is known which processes are dead that could not be told from living ones at the start. */
const RELOAD_MILLIS = 20_000;

/** Saves pending records of all destinations to the spool, and restores records that earlier processes left there. */
export class Spooler {
  readonly #parts: SpoolerParts;
  readonly #writer: SpoolWriter;
  readonly #recovered: Promise<void>;
  /** Entries of earlier processes that are being restored. */
  readonly #restoring = new Set<Slices>();
  #minEndMillis: number | undefined;
  #isClosed = false;
  /** A process may be dead whose messages could be continued then. */
  #isUndecided = false;
  #reloading: Promise<void> | undefined;
  #cancelReload: (() => void) | undefined;
  #unreadable = 0;
  #expired = 0;

  constructor(parts: SpoolerParts) {
    const { spool, destinations } = parts;
    this.#parts = parts;
    this.#writer = new SpoolWriter(spool, destinations);
    const loaded = this.#loadNotifications();
    spool.onRecovered((entries) => this.#recover(entries));
    spool.onExpired((values) => {
      for (const value of values) this.#expired += decodeGroup(value)?.records ?? 1;
    });
    spool.onTaken((ids) => {
      for (const slices of this.#restoring) slices.finish();
      for (const destination of destinations) destination.releaseToOwner(ids);
    });
    spool.onVanished((ids) => {
      for (const slices of this.#restoring) slices.finish();
      for (const { outbox } of destinations) outbox.persistence.markUnsaved(ids);
      void this.save();
    });
    spool.onRetry(() => void this.save());
    this.#recovered = Promise.all([spool.flush(), loaded]).then(() => this.#allRestored());
  }

  /** Saves all records accepted so far. Resolves when they are saved, when that fails, or after 2 s. Never rejects. */
  readonly save = (): Promise<void> => {
    const { clock } = this.#parts;
    return waitAtMost(clock, clock.monotonic() + MAX_SAVE_MILLIS, () => this.#writer.write());
  };

  /** Returns when the destinations must have ended, so that the rest of the time before the deadline is left for the disk. */
  lastSaveAtMillis(deadlineMillis: number): number {
    const leftMillis = deadlineMillis - this.#parts.clock.monotonic();
    return deadlineMillis - Math.min(MIN_CLOSE_MILLIS, Math.max(0, leftMillis) * CLOSE_SHARE);
  }

  /** Saves all records for the next process, also those whose file is gone. Never rejects. */
  saveAll(deadlineMillis: number): Promise<void> {
    const { clock, spool } = this.#parts;
    return waitAtMost(clock, this.#endMillis(deadlineMillis), async () => {
      await spool.check();
      await this.#writer.write();
    });
  }

  /** Resolves when the records of earlier processes are restored, or after half the time until the deadline. Never rejects. */
  recovered(deadlineMillis: number): Promise<void> {
    const { clock } = this.#parts;
    // The other half is for the delivery, also when the disk is slow.
    return waitAtMost(clock, (clock.monotonic() + deadlineMillis) / 2, () => this.#recovered);
  }

  /** The process ends now: leaves everything pending to the next one. */
  leaveToNextProcess(): void {
    const { spool, destinations, warn } = this.#parts;
    spool.checkSync();
    // Entries that are not restored yet stay on the disk.
    const values = this.#writer.takeOver();
    if (spool.closeSync(values)) return;
    const lost = destinations.reduce((sum, destination) => sum + destination.dropUnsaved(), 0);
    warn(`${countedOf(lost, 'record')} could not be saved in the spool at the end of the process; dropped`);
  }

  /** Closes the spool, so that the next process can adopt everything pending. */
  close(deadlineMillis: number): Promise<void> {
    const { clock, spool } = this.#parts;
    this.#isClosed = true;
    this.#cancelReload?.();
    return waitAtMost(clock, this.#endMillis(deadlineMillis), () => spool.close());
  }

  /** The time is counted once, from the first call. */
  #endMillis(deadlineMillis: number): number {
    this.#minEndMillis ??= this.#parts.clock.monotonic() + MIN_CLOSE_MILLIS;
    return Math.max(deadlineMillis, this.#minEndMillis);
  }

  /** Records of earlier processes that are lost: `damaged` could not be read (at least this many), `expired` were too old. */
  lost(): { readonly damaged: number; readonly expired: number } {
    return { damaged: this.#parts.spool.stats().damaged + this.#unreadable, expired: this.#expired };
  }

  /** Loads the notification log. The destinations pause meanwhile, because without it they would post known problems again. */
  async #loadNotifications(): Promise<void> {
    const { clock, destinations } = this.#parts;
    const resumes = destinations.map(({ loop }) => loop.pause());
    await waitAtMost(clock, clock.monotonic() + MAX_LOAD_MILLIS, () => this.#continueNotifications());
    for (const resume of resumes) resume();
  }

  async #continueNotifications(): Promise<void> {
    const { clock, destinations, notificationLog } = this.#parts;
    const saved = await notificationLog.load();
    for (const destination of destinations) destination.continueNotifications(saved.get(destination.id) ?? new Map());
    this.#isUndecided = !notificationLog.isComplete;
    // Once, because a process whose heartbeat is still recent by then is alive.
    if (!this.#isUndecided || this.#isClosed || this.#cancelReload !== undefined) return;
    this.#cancelReload = clock.after(RELOAD_MILLIS, () => this.#continueNotifications());
  }

  /** The records of a dead process. Its messages come first, so that the records continue them. */
  #recover(entries: readonly RecoveredEntry[]): void {
    if (!this.#isUndecided) {
      this.#restoreInSlices(entries);
      return;
    }
    const { clock } = this.#parts;
    const untilMillis = clock.monotonic() + MAX_LOAD_MILLIS;
    this.#reloading = waitAtMost(clock, untilMillis, () => this.#continueNotifications()).then(() =>
      this.#restoreInSlices(entries),
    );
  }

  /** In slices, because a thousand entries at once would block the app's event loop. */
  #restoreInSlices(entries: readonly RecoveredEntry[]): void {
    if (this.#isClosed) return;
    const remaining = inSlices(entries, this.#parts.clock, (slice) => this.#restoreAll(slice));
    if (remaining === undefined) return;
    this.#restoring.add(remaining);
    void remaining.done.then(() => this.#restoring.delete(remaining));
  }

  async #allRestored(): Promise<void> {
    await this.#reloading;
    await Promise.all([...this.#restoring].map(({ done }) => done));
  }

  #restoreAll(entries: readonly RecoveredEntry[]): void {
    for (const entry of entries) {
      try {
        this.#restore(entry);
      } catch {
        // The entry stays on the disk for the next process.
      }
    }
  }

  #restore({ id, value, writtenAtMillis }: RecoveredEntry): void {
    const { spool, destinations } = this.#parts;
    const saved = decodeGroup(value);
    if (saved === undefined) {
      this.#unreadable++;
      spool.acknowledge([id]);
      return;
    }
    const { destination: destinationId } = value as { readonly destination?: unknown };
    const last = destinations.at(-1) as DestinationPipeline;
    const destination = destinations.find((each) => each.id === destinationId) ?? last;
    destination.restore(saved, id, writtenAtMillis);
  }
}
