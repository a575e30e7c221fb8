import { readKept } from '../groups/saved/group-codec.js';
import type { Unspooled } from '../groups/saved/unsaved.js';
import type { RecoveredEntry, Spool } from '../spool/types.js';
import { type Clock, sleepUntil } from '../util/clock.js';
import { inSlices, type Slices } from '../util/time-slicing.js';
import type { Line } from './destination.js';
import { recallFrom } from './notification-log.js';

/** Keeps what waits in all lines on the disk, from one start of a process to the next. */
export interface Keeper {
  /** Resolves when all that came until now is on the disk, or cannot be, or it takes too long. Never rejects. */
  readonly keep: () => Promise<void>;
  /** What earlier processes left behind, as far as it can be had at the start, is in the lines; at most until the deadline. */
  recovered(deadlineMillis: number): Promise<void>;
  /** The process ends now: whatever waits is left to the next one. */
  leave(): void;
  /** The same, in order. */
  close(deadlineMillis: number): Promise<void>;
  /** Records that could not be read, of which at least so many were there, and those that were too old. */
  lost(): { readonly damaged: number; readonly expired: number };
}

/** What a keeper is made of. */
export interface KeeperParts {
  readonly spool: Spool;
  /** The last one takes what belongs to none of them any more. */
  readonly lines: readonly Line[];
  readonly clock: Clock;
}

/** A disk that does not answer must not hold up the SDK's queue. */
const LONGEST_WAIT_MILLIS = 5_000;
/** What closing takes at least, when there is no time left. */
const CLOSING_MILLIS = 1_000;
/** So long it may take to find out what earlier processes have said. */
const LONGEST_RECALL_MILLIS = 2_000;

/** Makes a {@link Keeper}, which takes over at once what earlier processes have left. */
export function createKeeper(parts: KeeperParts): Keeper {
  return new SpoolKeeper(parts);
}

class SpoolKeeper implements Keeper {
  readonly #spool: Spool;
  readonly #lines: readonly Line[];
  readonly #clock: Clock;
  readonly #storing: Storing;
  readonly #looked: Promise<void>;
  /** What earlier processes had and is still being read. */
  readonly #recovering = new Set<Slices>();
  #unreadable = 0;
  #expired = 0;

  constructor({ spool, lines, clock }: KeeperParts) {
    this.#spool = spool;
    this.#lines = lines;
    this.#clock = clock;
    this.#storing = new Storing(spool, lines);
    const remembered = this.#remember();
    spool.onRecovered((entries) => this.#recoverInSlices(entries));
    spool.onExpired((values) => {
      for (const value of values) this.#expired += readKept(value)?.records ?? 1;
    });
    spool.onTaken((ids) => {
      this.#recoverNow();
      for (const line of lines) line.handOver(ids);
    });
    this.#looked = Promise.all([spool.flush(), remembered]).then(() => this.#recovered());
  }

  readonly keep = (): Promise<void> =>
    this.#before(this.#clock.monotonic() + LONGEST_WAIT_MILLIS, this.#storing.store());

  recovered(deadlineMillis: number): Promise<void> {
    return this.#before(deadlineMillis, this.#looked);
  }

  leave(): void {
    // What is still being read stands on the disk: to read it all would only make the end later.
    this.#spool.closeSync(this.#storing.takeOver());
  }

  close(deadlineMillis: number): Promise<void> {
    return this.#before(Math.max(deadlineMillis, this.#clock.monotonic() + CLOSING_MILLIS), this.#spool.close());
  }

  lost(): { readonly damaged: number; readonly expired: number } {
    return { damaged: this.#spool.stats().damaged + this.#unreadable, expired: this.#expired };
  }

  /** Tells the lines what was said; until then they say nothing, because it would be said twice. */
  async #remember(): Promise<void> {
    const release = this.#lines.map((line) => line.hold());
    try {
      await this.#before(this.#clock.monotonic() + LONGEST_RECALL_MILLIS, this.#recall());
    } finally {
      for (const letGo of release) letGo();
    }
  }

  async #recall(): Promise<void> {
    const said = await recallFrom(this.#spool);
    for (const line of this.#lines) line.recall(said.get(line.key) ?? new Map());
  }

  /** A thousand of them would keep the event loop from the app for too long. */
  #recoverInSlices(entries: readonly RecoveredEntry[]): void {
    const rest = inSlices(entries, this.#clock, (some) => this.#recover(some));
    if (rest === undefined) return;
    this.#recovering.add(rest);
    void rest.done.then(() => this.#recovering.delete(rest));
  }

  #recoverNow(): void {
    for (const rest of this.#recovering) rest.finish();
  }

  async #recovered(): Promise<void> {
    await Promise.all([...this.#recovering].map(({ done }) => done));
  }

  #recover(entries: readonly RecoveredEntry[]): void {
    for (const entry of entries) {
      try {
        this.#recoverOne(entry);
      } catch {
        // It stays on the disk, and costs neither the app nor the others anything.
      }
    }
  }

  #recoverOne({ id, value, writtenAtMillis }: RecoveredEntry): void {
    const records = readKept(value);
    if (records === undefined) {
      this.#unreadable++;
      this.#spool.acknowledge([id]);
      return;
    }
    const { line: key } = value as { readonly line?: unknown };
    const line = this.#lines.find((each) => each.key === key) ?? (this.#lines.at(-1) as Line);
    line.restore(records, id, writtenAtMillis);
  }

  /** Whatever comes first: it is done, or it is late. */
  async #before(deadlineMillis: number, done: Promise<void>): Promise<void> {
    const over = new AbortController();
    await Promise.race([done, sleepUntil(this.#clock, deadlineMillis, { signal: over.signal, ref: true })]);
    over.abort();
  }
}

/** What is on its way to the disk, of one line. */
interface Taken {
  readonly line: Line;
  readonly unspooled: readonly Unspooled[];
}

/** Brings what waits in the lines to the disk: one append at a time, and all that comes meanwhile in the next one. */
class Storing {
  readonly #spool: Spool;
  readonly #lines: readonly Line[];
  #underway: readonly Taken[] = [];
  #storing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #hasLeft = false;

  constructor(spool: Spool, lines: readonly Line[]) {
    this.#spool = spool;
    this.#lines = lines;
  }

  /** Resolves when all that waits now was stored, or could not be. */
  store(): Promise<void> {
    if (this.#storing === undefined) {
      this.#storing = this.#append();
      return this.#storing;
    }
    this.#next ??= this.#storing.then(() => {
      this.#next = undefined;
      return this.store();
    });
    return this.#next;
  }

  /** All that is not on the disk for sure, for somebody else to store. An append under way is void from now on. */
  takeOver(): readonly object[] {
    this.#hasLeft = true;
    this.#settle(undefined);
    return valuesOf(this.#takeAll());
  }

  async #append(): Promise<void> {
    this.#underway = this.#takeAll();
    try {
      const { ids, isDurable } = await this.#spool.append(valuesOf(this.#underway));
      if (!this.#hasLeft) this.#settle(isDurable ? ids : undefined);
    } finally {
      this.#storing = undefined;
    }
  }

  #takeAll(): readonly Taken[] {
    return this.#lines
      .map((line) => ({ line, unspooled: line.takeUnspooled() }))
      .filter(({ unspooled }) => unspooled.length > 0);
  }

  /** Tells the lines what became of what was under way; without ids it is in memory only. */
  #settle(ids: readonly string[] | undefined): void {
    let at = 0;
    for (const { line, unspooled } of this.#underway) {
      line.spooled(unspooled, ids?.slice(at, at + unspooled.length));
      at += unspooled.length;
    }
    this.#underway = [];
  }
}

function valuesOf(taken: readonly Taken[]): readonly object[] {
  return taken.flatMap(({ line, unspooled }) => unspooled.map(({ value }) => ({ line: line.key, ...value })));
}
