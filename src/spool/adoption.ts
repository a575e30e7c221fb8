import type { Clock } from '../util/clock.js';
import { guarded } from '../util/guarded.js';
import type { FileName } from './disk/file-names.js';
import type { Mutex } from './disk/mutex.js';
import type { SpoolDirectory } from './disk/spool-directory.js';
import { HeartbeatMonitor } from './heartbeat.js';
import type { KeyValueLog } from './key-value-log.js';
import type { Contents } from './segments/contents.js';
import type { Segment } from './segments/segment.js';
import type { Segments } from './segments/segments.js';
import type { RecoveredEntry } from './types.js';

/** What {@link Adoption} needs around it. */
export interface AdoptionOptions {
  readonly directory: SpoolDirectory;
  readonly clock: Clock;
  readonly segments: Segments;
  readonly keyValues: KeyValueLog;
  readonly mutex: Mutex;
  /** What was written longer ago is of no use to anybody. */
  readonly maxAgeMillis: number;
  /** From then on nothing is taken any more. */
  readonly isClosed: () => boolean;
  /** There is something to write down. */
  readonly onNews: () => void;
}

/** Takes over what dead processes hold, and gives it to who listens. */
export class Adoption {
  /** Entries: given, not to be read, and too old. */
  readonly counts = { recovered: 0, damaged: 0, expired: 0 };
  /** Gets what the dead left behind. Nothing is taken from them before it is there. */
  onRecovered: ((entries: readonly RecoveredEntry[]) => void) | undefined;
  /** Gets the values of entries that are too old. */
  onExpired: ((values: readonly unknown[]) => void) | undefined;
  readonly #options: AdoptionOptions;
  readonly #watch: HeartbeatMonitor;

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#watch = new HeartbeatMonitor(options.directory, options.clock);
  }

  /** Looks who is dead, and takes all that they have: file by file, so that appends come in between. */
  async adoptAll(): Promise<void> {
    const { directory, mutex, isClosed } = this.#options;
    if (isClosed()) return;
    const names = await directory.list();
    const holders = names.map(({ holder }) => holder).filter((holder) => holder !== directory.owner);
    const dead = await this.#watch.dead(new Set(holders));
    let firstError: unknown;
    for (const name of names) {
      if (isClosed()) return;
      // What bears our own name and we do not know is what we could not finish the last time.
      if (name.holder !== directory.owner && !dead.includes(name.holder)) continue;
      await mutex
        .run(() => this.#adopt(name))
        .catch((error) => {
          firstError ??= error;
        });
    }
    if (this.onRecovered !== undefined) for (const holder of dead) await this.#watch.removeHeartbeat(holder);
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
    const { clock, maxAgeMillis, onNews } = this.#options;
    const nowMillis = clock.now();
    const recovered: RecoveredEntry[] = [];
    const expired: unknown[] = [];
    for (const { number, value, ...entry } of entries) {
      // Clocks jump, also between two processes: nothing was written in the future.
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
    if (segment.hasNews || segment.isDone) onNews();
    if (expired.length > 0) guarded(() => this.onExpired?.(expired));
    if (recovered.length > 0) guarded(() => this.onRecovered?.(recovered));
  }
}
