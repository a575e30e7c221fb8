import type { Clock } from '../util/clock.js';
import type { FileName } from './disk/file-names.js';
import type { Turns } from './disk/mutex.js';
import type { Place } from './disk/spool-directory.js';
import { Watch } from './heartbeat.js';
import type { Memory } from './key-value-log.js';
import type { Contents } from './segments/contents.js';
import type { Segment } from './segments/segment.js';
import type { Segments } from './segments/segments.js';
import type { RecoveredEntry } from './types.js';

/** What {@link Adoption} needs around it. */
export interface AdoptionOptions {
  readonly place: Place;
  readonly clock: Clock;
  readonly segments: Segments;
  readonly memory: Memory;
  readonly turns: Turns;
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
  readonly #watch: Watch;

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#watch = new Watch(options.place, options.clock);
  }

  /** Looks who is dead, and takes all that they have: file by file, so that appends come in between. */
  async adoptAll(): Promise<void> {
    const { place, turns, isClosed } = this.#options;
    if (isClosed()) return;
    const names = await place.list();
    const holders = names.map(({ holder }) => holder).filter((holder) => holder !== place.owner);
    const dead = await this.#watch.dead(new Set(holders));
    let trouble: unknown;
    for (const name of names) {
      if (isClosed()) return;
      // What bears our own name and we do not know is what we could not finish the last time.
      if (name.holder !== place.owner && !dead.includes(name.holder)) continue;
      await turns
        .take(() => this.#adopt(name))
        .catch((error) => {
          trouble ??= error;
        });
    }
    if (this.onRecovered !== undefined) for (const holder of dead) await this.#watch.bury(holder);
    if (trouble !== undefined) throw trouble;
  }

  async #adopt(name: FileName): Promise<void> {
    const { segments, memory, isClosed } = this.#options;
    if (isClosed()) return;
    if (name.kind === 'memory') await memory.adopt(name);
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
    if (expired.length > 0) quietly(() => this.onExpired?.(expired));
    if (recovered.length > 0) quietly(() => this.onRecovered?.(recovered));
  }
}

/** A listener that throws must not stop the spool. */
export function quietly(callback: () => void): void {
  try {
    callback();
  } catch {
    // It is its owner's mistake.
  }
}
