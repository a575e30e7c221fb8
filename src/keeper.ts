import { type Clock, sleepUntil } from './clock.js';
import type { Unspooled } from './keeping.js';
import { readKept } from './kept-records.js';
import type { Line } from './line.js';
import { recallFrom } from './recalled.js';
import type { RecoveredEntry, Spool } from './spool/face.js';

/** Keeps what waits in all lines on the disk, from one start of a process to the next. */
export interface Keeper {
  /** Resolves when all that came until now is on the disk, or cannot be, or it takes too long. Never rejects. */
  keep(): Promise<void>;
  /** What earlier processes left behind, as far as it can be had at the start, is in the lines; at most until the deadline. */
  recovered(deadlineMillis: number): Promise<void>;
  /** The process ends now: whatever waits is left to the next one. */
  leave(): void;
  /** The same, in order. */
  close(deadlineMillis: number): Promise<void>;
  /** Records that could not be read, and those that were too old. */
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
export function createKeeper({ spool, lines, clock }: KeeperParts): Keeper {
  const byKey = new Map(lines.map((line) => [line.key, line]));
  let unreadable = 0;
  let hasLeft = false;
  let underway: readonly Taken[] = [];
  let storing: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const takeAll = (): readonly Taken[] =>
    lines.map((line) => ({ line, unspooled: line.takeUnspooled() })).filter(({ unspooled }) => unspooled.length > 0);

  const settle = (ids: readonly string[] | undefined): void => {
    let at = 0;
    for (const { line, unspooled } of underway) {
      line.spooled(unspooled, ids?.slice(at, at + unspooled.length));
      at += unspooled.length;
    }
    underway = [];
  };

  const store = async (): Promise<void> => {
    underway = takeAll();
    try {
      const { ids, isDurable } = await spool.append(valuesOf(underway));
      if (!hasLeft) settle(isDurable ? ids : undefined);
    } finally {
      storing = undefined;
    }
  };

  /** One append at a time: whatever comes meanwhile is in the next one, all of it together. */
  const keep = (): Promise<void> => {
    if (storing === undefined) {
      storing = store();
      return storing;
    }
    next ??= storing.then(() => {
      next = undefined;
      return keep();
    });
    return next;
  };

  const recover = (entries: readonly RecoveredEntry[]): void => {
    for (const { id, value, writtenAtMillis } of entries) {
      const records = readKept(value);
      if (records === undefined) {
        unreadable++;
        spool.acknowledge([id]);
        continue;
      }
      const { line } = value as { readonly line?: unknown };
      const its = byKey.get(String(line)) ?? (lines.at(-1) as Line);
      its.restore(records, id, writtenAtMillis);
    }
  };

  // What is said before it is known what was said would be said twice.
  const release = lines.map((line) => line.hold());
  const recall = async (): Promise<void> => {
    const said = await recallFrom(spool);
    for (const line of lines) line.recall(said.get(line.key) ?? new Map());
  };
  const remembered = before(clock.monotonic() + LONGEST_RECALL_MILLIS, recall(), clock).finally(() => {
    for (const letGo of release) letGo();
  });

  spool.onRecovered(recover);
  spool.onTaken((ids) => {
    for (const line of lines) line.handOver(ids);
  });
  const looked = Promise.all([spool.flush(), remembered]).then(() => {});

  return {
    keep: () => before(clock.monotonic() + LONGEST_WAIT_MILLIS, keep(), clock),
    recovered: (deadlineMillis) => before(deadlineMillis, looked, clock),
    leave() {
      hasLeft = true;
      settle(undefined);
      spool.closeSync(valuesOf(takeAll()));
    },
    close: (deadlineMillis) =>
      before(Math.max(deadlineMillis, clock.monotonic() + CLOSING_MILLIS), spool.close(), clock),
    lost() {
      const { damaged, expired } = spool.stats();
      return { damaged: damaged + unreadable, expired };
    },
  };
}

/** What is on its way to the disk, of one line. */
interface Taken {
  readonly line: Line;
  readonly unspooled: readonly Unspooled[];
}

function valuesOf(taken: readonly Taken[]): readonly object[] {
  return taken.flatMap(({ line, unspooled }) => unspooled.map(({ value }) => ({ line: line.key, ...value })));
}

async function before(deadlineMillis: number, done: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([done, sleepUntil(clock, deadlineMillis, { signal: over.signal, ref: true })]);
  over.abort();
}
