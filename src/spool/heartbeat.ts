import type { Clock } from '../util/clock.js';
import { closeQuietly, writeAll } from './disk/disk.js';
import { beatName } from './disk/file-names.js';
import type { OpenFile } from './disk/files.js';
import type { SpoolDirectory } from './disk/spool-directory.js';

/** How often an owner moves its counter, and looks at those of the others. */
export const BEAT_MILLIS = 4_000;
/** An owner whose counter has not moved for so long is dead. */
const DEAD_MILLIS = 15_000;
/** A pause between two looks counts for no more than this: who slept through it has not seen that nothing moved. */
const LONGEST_LOOK_MILLIS = 1.5 * BEAT_MILLIS;

/** Our own heartbeat: a counter in a file. Not the file's time, because clocks jump; not our pid, because containers share them. */
export class Heartbeat {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  #file: OpenFile | undefined;
  #counter = 0;
  #beating: Promise<void> | undefined;
  #lastMillis: number | undefined;

  constructor(directory: SpoolDirectory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Whether others may have taken us for dead since the last beat. */
  get hasLapsed(): boolean {
    return this.#lastMillis !== undefined && this.#clock.monotonic() - this.#lastMillis >= DEAD_MILLIS;
  }

  /** Moves the counter. Calls while one is under way are one. */
  beat(): Promise<void> {
    this.#beating ??= this.#move().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /**
   * For a timer, so that a disk that is slow with other things does not make us seem dead. Once we may have seemed so, it
   * is too late: then beat() comes after a look at what is still ours. Never rejects; beat() will.
   */
  async keepUp(): Promise<void> {
    if (this.#lastMillis !== undefined && !this.hasLapsed) await this.beat().catch(() => {});
  }

  async #move(): Promise<void> {
    // Before the write, because that is how long the others may have waited.
    const atMillis = this.#clock.monotonic();
    if (this.#file !== undefined && !(await this.#directory.hasFile(this.#path))) await this.#drop();
    this.#file ??= await this.#directory.files.create(this.#path, 'overwrite');
    this.#counter++;
    await writeAll(this.#file, Buffer.from(this.#counter.toString(16).padStart(12, '0')));
    this.#lastMillis = atMillis;
  }

  /** From now on everybody may take what is ours at once. */
  async release(): Promise<void> {
    await this.#beating?.catch(() => {});
    await this.#drop();
    await this.#directory.files.remove(this.#path).catch(() => {});
  }

  releaseSync(): void {
    try {
      this.#directory.files.sync.remove(this.#path);
    } catch {
      // Then the others wait until they know that we are dead.
    }
  }

  get #path(): string {
    return this.#directory.path(beatName(this.#directory.owner));
  }

  async #drop(): Promise<void> {
    await closeQuietly(this.#file);
    this.#file = undefined;
  }
}

interface Sighting {
  readonly beat: string;
  readonly atMillis: number;
  /** For how long we have seen it stand still. */
  readonly stillMillis: number;
}

/** The heartbeats of the others. */
export class HeartbeatMonitor {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  #sightings: ReadonlyMap<string, Sighting> = new Map();

  constructor(directory: SpoolDirectory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Looks at each of the holders once, and returns those that are dead: released, or still for {@link DEAD_MILLIS}. */
  async dead(holders: ReadonlySet<string>): Promise<readonly string[]> {
    const before = this.#sightings;
    const sightings = new Map<string, Sighting>();
    const dead: string[] = [];
    for (const holder of holders) {
      const beat = await this.#read(holder);
      const sighting = this.#next(before.get(holder), beat);
      sightings.set(holder, sighting);
      if (beat === undefined || sighting.stillMillis >= DEAD_MILLIS) dead.push(holder);
    }
    this.#sightings = sightings;
    return dead;
  }

  /** Takes away the heartbeat of a holder that has nothing left, unless it has come back to life. */
  async removeHeartbeat(holder: string): Promise<void> {
    const beat = await this.#read(holder);
    if (beat === undefined || beat !== this.#sightings.get(holder)?.beat) return;
    await this.#directory.files.remove(this.#directory.path(beatName(holder))).catch(() => {});
  }

  #next(before: Sighting | undefined, beat = ''): Sighting {
    const atMillis = this.#clock.monotonic();
    if (before?.beat !== beat) return { beat, atMillis, stillMillis: 0 };
    const looked = Math.min(atMillis - before.atMillis, LONGEST_LOOK_MILLIS);
    return { beat, atMillis, stillMillis: before.stillMillis + looked };
  }

  /** Undefined when there is none; a text of its own for each failure to read, because that says nothing of the owner. */
  async #read(holder: string): Promise<string | undefined> {
    const path = this.#directory.path(beatName(holder));
    try {
      return (await this.#directory.read(path, 64))?.toString('latin1');
    } catch {
      return `unreadable since ${this.#clock.monotonic()}`;
    }
  }
}
