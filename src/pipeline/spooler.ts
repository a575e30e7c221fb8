import { decodeGroup } from '../groups/saved/group-codec.js';
import type { RecoveredEntry, Spool } from '../spool/types.js';
import { type Clock, waitAtMost } from '../util/clock.js';
import { inSlices, type Slices } from '../util/time-slicing.js';
import type { DestinationPipeline } from './destination.js';
import type { NotificationLog } from './notification-log.js';
import { SpoolWriter } from './spool-writer.js';

/** What a {@link Spooler} is made of. */
export interface SpoolerParts {
  readonly spool: Spool;
  readonly notificationLog: NotificationLog;
  /** The last one takes records of destinations that do not exist any more. */
  readonly destinations: readonly DestinationPipeline[];
  readonly clock: Clock;
}

/** A disk that does not answer must not block the SDK's queue for longer. */
const MAX_SAVE_MILLIS = 5_000;
/** Closing gets at least this long, also when the deadline is over. */
const MIN_CLOSE_MILLIS = 1_000;
const MAX_LOAD_MILLIS = 2_000;

/** Brings pending records of all destinations to the spool, and what earlier processes left there to the destinations. */
export class Spooler {
  readonly #parts: SpoolerParts;
  readonly #writer: SpoolWriter;
  readonly #recovered: Promise<void>;
  /** Entries of earlier processes that are being read. */
  readonly #reading = new Set<Slices>();
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
      for (const rest of this.#reading) rest.finish();
      for (const destination of destinations) destination.releaseToOwner(ids);
    });
    this.#recovered = Promise.all([spool.flush(), loaded]).then(() => this.#read());
  }

  /** Resolves when everything that came until now is on the disk, or cannot be, or it takes too long. Never rejects. */
  readonly save = (): Promise<void> => {
    const { clock } = this.#parts;
    return waitAtMost(clock, clock.monotonic() + MAX_SAVE_MILLIS, () => this.#writer.write());
  };

  /** Resolves when the destinations have what earlier processes left, at most at the deadline. Never rejects. */
  recovered(deadlineMillis: number): Promise<void> {
    return waitAtMost(this.#parts.clock, deadlineMillis, () => this.#recovered);
  }

  /** The process ends now: leaves everything pending to the next one. */
  leaveToNextProcess(): void {
    // Entries that are still being read are on the disk already.
    this.#parts.spool.closeSync(this.#writer.takeOver());
  }

  /** Leaves everything pending to the next process, asynchronously. */
  close(deadlineMillis: number): Promise<void> {
    const { clock, spool } = this.#parts;
    const untilMillis = Math.max(deadlineMillis, clock.monotonic() + MIN_CLOSE_MILLIS);
    return waitAtMost(clock, untilMillis, () => spool.close());
  }

  /** Lost records of earlier processes: at least that many could not be read, and that many were too old. */
  lost(): { readonly damaged: number; readonly expired: number } {
    return { damaged: this.#parts.spool.stats().damaged + this.#unreadable, expired: this.#expired };
  }

  /** Pauses the destinations meanwhile: without the earlier notifications they would post the problems again. */
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
    const rest = inSlices(entries, this.#parts.clock, (slice) => this.#restoreAll(slice));
    if (rest === undefined) return;
    this.#reading.add(rest);
    void rest.done.then(() => this.#reading.delete(rest));
  }

  async #read(): Promise<void> {
    await Promise.all([...this.#reading].map(({ done }) => done));
  }

  #restoreAll(entries: readonly RecoveredEntry[]): void {
    for (const entry of entries) {
      try {
        this.#restore(entry);
      } catch {
        // The entry stays on the disk, and the others go on.
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
