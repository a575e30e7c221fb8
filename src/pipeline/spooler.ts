import { decodeGroup } from '../groups/index.js';
import type { RecoveredEntry, Spool } from '../spool/index.js';
import { type Clock, inSlices, type Slices, waitAtMost } from '../util/index.js';
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
}

/** The SDK's queue waits for a save no longer than this, also when the disk hangs. */
const MAX_SAVE_MILLIS = 5_000;
/** Closing the spool may take this long, also when the deadline is over. */
const MIN_CLOSE_MILLIS = 1_000;
/** The destinations wait for the notification log no longer than this. */
const MAX_LOAD_MILLIS = 2_000;

/** Saves pending records of all destinations to the spool, and restores records that earlier processes left there. */
export class Spooler {
  readonly #parts: SpoolerParts;
  readonly #writer: SpoolWriter;
  readonly #recovered: Promise<void>;
  /** Entries of earlier processes that are being restored. */
  readonly #restoring = new Set<Slices>();
  #unreadable = 0;
  #expired = 0;

  constructor(parts: SpoolerParts) {
    const { spool, destinations } = parts;
    this.#parts = parts;
    this.#writer = new SpoolWriter(spool, destinations);
    const loaded = this.#loadNotifications();
    spool.onRecovered((entries) => this.#restoreInSlices(entries));
    spool.onExpired((values) => {
      for (const value of values) this.#expired += decodeGroup(value)?.records ?? 1;
    });
    spool.onTaken((ids) => {
      for (const slices of this.#restoring) slices.finish();
      for (const destination of destinations) destination.releaseToOwner(ids);
    });
    this.#recovered = Promise.all([spool.flush(), loaded]).then(() => this.#allRestored());
  }

  /** Saves all records accepted so far. Resolves when they are saved, when that fails, or after 5 s. Never rejects. */
  readonly save = (): Promise<void> => {
    const { clock } = this.#parts;
    return waitAtMost(clock, clock.monotonic() + MAX_SAVE_MILLIS, () => this.#writer.write());
  };

  /** Resolves when the records of earlier processes are restored, at the latest at the deadline. Never rejects. */
  recovered(deadlineMillis: number): Promise<void> {
    return waitAtMost(this.#parts.clock, deadlineMillis, () => this.#recovered);
  }

  /** The process ends now: leaves everything pending to the next one. */
  leaveToNextProcess(): void {
    // Entries that are not restored yet stay on the disk.
    this.#parts.spool.closeSync(this.#writer.takeOver());
  }

  /** Closes the spool, so that the next process can adopt everything pending. */
  close(deadlineMillis: number): Promise<void> {
    const { clock, spool } = this.#parts;
    const untilMillis = Math.max(deadlineMillis, clock.monotonic() + MIN_CLOSE_MILLIS);
    return waitAtMost(clock, untilMillis, () => spool.close());
  }

  /** Records of earlier processes that are lost: `damaged` could not be read (at least this many), `expired` were too old. */
  lost(): { readonly damaged: number; readonly expired: number } {
    return { damaged: this.#parts.spool.stats().damaged + this.#unreadable, expired: this.#expired };
  }

  /** Loads the notification log. The destinations pause meanwhile, because without it they would post known problems again. */
  async #loadNotifications(): Promise<void> {
    const { clock, destinations, notificationLog } = this.#parts;
    const resumes = destinations.map(({ loop }) => loop.pause());
    await waitAtMost(clock, clock.monotonic() + MAX_LOAD_MILLIS, async () => {
      const saved = await notificationLog.load();
      for (const destination of destinations) destination.continueNotifications(saved.get(destination.id) ?? new Map());
    });
    for (const resume of resumes) resume();
  }

  /** In slices, because a thousand entries at once would block the app's event loop. */
  #restoreInSlices(entries: readonly RecoveredEntry[]): void {
    const remaining = inSlices(entries, this.#parts.clock, (slice) => this.#restoreAll(slice));
    if (remaining === undefined) return;
    this.#restoring.add(remaining);
    void remaining.done.then(() => this.#restoring.delete(remaining));
  }

  async #allRestored(): Promise<void> {
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
