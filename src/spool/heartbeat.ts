import type { Clock } from '../util/index.js';
import { closeQuietly, writeAll } from './disk/disk.js';
import { isMissing } from './disk/errors.js';
import { beatName } from './disk/file-names.js';
import type { OpenFile } from './disk/files.js';
import type { SpoolDirectory } from './disk/spool-directory.js';
import type { Heartbeats } from './types.js';

/** How often a process increments its counter, and reads the counters of the others. */
export const BEAT_MILLIS = 4_000;
/** A process whose counter has not changed for this long is dead. */
const DEAD_MILLIS = 15_000;
/** The time between two reads counts for no more than this, because a process that slept in between observed nothing. */
const MAX_OBSERVED_MILLIS = 1.5 * BEAT_MILLIS;

/**
 * The heartbeat of this process: a counter in a file. The time of the file cannot be used, because clocks jump, nor the
 * pid, because containers share pids.
 */
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

  /** Whether other processes may believe since the last beat that this one is dead. */
  get hasLapsed(): boolean {
    return this.#lastMillis !== undefined && this.#clock.monotonic() - this.#lastMillis >= DEAD_MILLIS;
  }

  /** Increments the counter. Calls during a running one share its promise. */
  beat(): Promise<void> {
    this.#beating ??= this.#increment().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /**
   * Increments the counter from a timer, so that this process does not seem dead while the disk is slow. Does nothing once
   * the heartbeat has lapsed: then the spool must first check which files are still its own. Never rejects.
   */
  async keepUp(): Promise<void> {
    if (this.#lastMillis !== undefined && !this.hasLapsed) await this.beat().catch(() => {});
  }

  async #increment(): Promise<void> {
    // The time before the write, because the others may have seen no change since then.
    const atMillis = this.#clock.monotonic();
    if (this.#file !== undefined && !(await this.#directory.hasFile(this.#path))) await this.#drop();
    this.#file ??= await this.#directory.files.create(this.#path, 'overwrite');
    this.#counter++;
    await writeAll(this.#file, Buffer.from(this.#counter.toString(16).padStart(12, '0')));
    this.#lastMillis = atMillis;
  }

  /** Removes the heartbeat, so that other processes may adopt the files of this one at once. */
  async release(): Promise<void> {
    await this.#beating?.catch(() => {});
    await this.#drop();
    await this.#directory.files.remove(this.#path).catch(() => {});
  }

  releaseSync(): void {
    try {
      this.#directory.files.sync.remove(this.#path);
    } catch {
      // The other processes adopt the files once the heartbeat is dead.
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
  /** How long the counter has been observed without a change. */
  readonly stillMillis: number;
}

/**
 * Returns the heartbeats in the directory. A process knows only after {@link DEAD_MILLIS} which of the others have stopped,
 * but a heartbeat that is that much older than its own, by the clock of the disk, stopped before. `undefined` without an own
 * heartbeat.
 */
export async function readHeartbeats(directory: SpoolDirectory): Promise<Heartbeats | undefined> {
  const writtenMillis = async (holder: string): Promise<number | undefined> => {
    const facts = await directory.files.facts(directory.path(beatName(holder))).catch((error) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    return facts?.writtenMillis;
  };
  const ownMillis = await writtenMillis(directory.owner);
  if (ownMillis === undefined) return undefined;
  const found = new Map<string, 'recent' | 'silent'>();
  for (const { kind, holder } of await directory.list()) {
    const millis = kind === 'beat' ? await writtenMillis(holder) : undefined;
    if (millis !== undefined) found.set(holder, ownMillis - millis >= DEAD_MILLIS ? 'silent' : 'recent');
  }
  return found;
}

/** Observes the heartbeats of the other processes. */
export class HeartbeatMonitor {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  #sightings: ReadonlyMap<string, Sighting> = new Map();

  constructor(directory: SpoolDirectory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Reads the heartbeat of each holder. Returns the dead ones: released, or unchanged for {@link DEAD_MILLIS}. */
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

  /** Removes the heartbeat of a dead holder without files, unless its counter has changed again. */
  async removeHeartbeat(holder: string): Promise<void> {
    const beat = await this.#read(holder);
    if (beat === undefined || beat !== this.#sightings.get(holder)?.beat) return;
    await this.#directory.files.remove(this.#directory.path(beatName(holder))).catch(() => {});
  }

  #next(before: Sighting | undefined, beat = ''): Sighting {
    const atMillis = this.#clock.monotonic();
    if (before?.beat !== beat) return { beat, atMillis, stillMillis: 0 };
    const observedMillis = Math.min(atMillis - before.atMillis, MAX_OBSERVED_MILLIS);
    return { beat, atMillis, stillMillis: before.stillMillis + observedMillis };
  }

  /** Returns undefined without a heartbeat. Each failed read returns a different text, so that it never counts as unchanged. */
  async #read(holder: string): Promise<string | undefined> {
    const path = this.#directory.path(beatName(holder));
    try {
      return (await this.#directory.read(path, 64))?.toString('latin1');
    } catch {
      return `unreadable since ${this.#clock.monotonic()}`;
    }
  }
}
