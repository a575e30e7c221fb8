import { type Clock, guarded } from '../util/index.js';
import type { FileName } from './disk/file-names.js';
import type { Mutex } from './disk/mutex.js';
import type { SpoolDirectory } from './disk/spool-directory.js';
import { HeartbeatMonitor } from './heartbeat.js';
import type { KeyValueLog } from './key-value-log.js';
import type { Contents } from './segments/contents.js';
import type { Segment } from './segments/segment.js';
import type { Segments } from './segments/segments.js';
import type { RecoveredEntry } from './types.js';

/** Options of {@link Adoption}. */
export interface AdoptionOptions {
  readonly directory: SpoolDirectory;
  readonly clock: Clock;
  readonly segments: Segments;
  readonly keyValues: KeyValueLog;
  readonly mutex: Mutex;
  /** Entries that were written longer ago are expired. */
  readonly maxAgeMillis: number;
  /** Once it returns true, nothing is adopted any more. */
  readonly isClosed: () => boolean;
  /** Called when acknowledgements must be written. */
  readonly onAcknowledged: () => void;
}

/** Adopts the files of dead processes, and passes their entries to the listeners. */
export class Adoption {
  readonly counts = { recovered: 0, damaged: 0, expired: 0 };
  /** Receives the entries of dead processes. No segment is adopted before it is set. */
  onRecovered: ((entries: readonly RecoveredEntry[]) => void) | undefined;
  /** Receives the values of expired entries. */
  onExpired: ((values: readonly unknown[]) => void) | undefined;
  readonly #options: AdoptionOptions;
  readonly #heartbeats: HeartbeatMonitor;

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#heartbeats = new HeartbeatMonitor(options.directory, options.clock);
  }

  /** Finds dead processes and adopts all their files, one at a time, so that appends can run in between. */
  async adoptAll(): Promise<void> {
    const { directory, mutex, isClosed } = this.#options;
    if (isClosed()) return;
    const names = await directory.list();
    const holders = names.map(({ holder }) => holder).filter((holder) => holder !== directory.owner);
    const dead = await this.#heartbeats.dead(new Set(holders));
    let firstError: unknown;
    for (const name of names) {
      if (isClosed()) return;
      // An unknown file of this process is an adoption that failed halfway the last time.
      if (name.holder !== directory.owner && !dead.includes(name.holder)) continue;
      await mutex
        .run(() => this.#adopt(name))
        .catch((error) => {
          firstError ??= error;
        });
    }
    if (this.onRecovered !== undefined) for (const holder of dead) await this.#heartbeats.removeHeartbeat(holder);
    if (firstError !== undefined) throw firstError;
  }

  async #adopt(name: FileName): Promise<void> {
    const { segments, keyValues, isClosed } = this.#options;
    if (isClosed()) return;
    if (name.kind === 'memory') await keyValues.adopt(name);
    if (name.kind !== 'spool' || this.onRecovered === undefined) return;
    const adopted = await segments.adopt(name);
    if (adopted !== undefined) this.#recover(adopted.segment, adopted.contents);
  }

  #recover(segment: Segment, { entries, damaged }: Contents): void {
    const { clock, maxAgeMillis, onAcknowledged } = this.#options;
    const nowMillis = clock.now();
    const recovered: RecoveredEntry[] = [];
    const expired: unknown[] = [];
    for (const { number, value, ...entry } of entries) {
      // Wall clocks jump and differ between processes, so a time in the future counts as now.
      const writtenAtMillis = Math.min(entry.writtenAtMillis, nowMillis);
      if (nowMillis - writtenAtMillis <= maxAgeMillis) {
        recovered.push({ id: segment.id(number), value, writtenAtMillis });
        continue;
      }
      segment.acknowledge(number);
      expired.push(value);
    }
    this.counts.damaged += damaged.length;
    this.counts.recovered += recovered.length;
    this.counts.expired += expired.length;
    if (segment.hasUnjournaled || segment.isDone) onAcknowledged();
    if (expired.length > 0) guarded(() => this.onExpired?.(expired));
    if (recovered.length > 0) guarded(() => this.onRecovered?.(recovered));
  }
}
