import { randomUUID } from 'node:crypto';
import { sleepUntil } from './clock.js';
import type { Diagnostics } from './diagnostics.js';
import { createFingerprint } from './fingerprint.js';
import { createKeeper, type Keeper } from './keeper.js';
import { addCounts, type Counts, NO_COUNTS, type SlackExporterStats } from './ledger.js';
import { createLine, type Dependencies, type Line, type Shared } from './line.js';
import type { LastWord } from './message.js';
import { type Accounts, createExporterMetrics } from './metrics.js';
import type { ReadableLogRecord, ReadableResource } from './otel.js';
import { rememberIn } from './recalled.js';
import { readRecord } from './record.js';
import { createRedactor } from './redact.js';
import { createRouter } from './route.js';
import { createSelect, type Select } from './select.js';
import type { LineSettings, Settings } from './settings.js';
import { createSignal } from './signal.js';
import { inSlices, type Slices } from './slices.js';
import type { Spool } from './spool/face.js';

/**
 * The way of a record from the exporter's door to Slack: select → read → route → fingerprint, and then for each
 * destination (line.ts) fold, and behind it the sender loop (deliver.ts): pace → choose → render → send → settle.
 */
export interface Pipeline {
  /** No destination: everything is taken, nothing happens. */
  readonly isOff: boolean;
  readonly select: Select;
  /**
   * Takes records; false when the pipeline is closed. A promise when there are so many that the app must have its turn
   * in between, or when they are kept on the disk first. Never throws, never rejects.
   */
  take(records: readonly ReadableLogRecord[], source?: RecordSource): boolean | Promise<boolean>;
  /** The same, and all of it at once, also what waits for its turn: the process ends. */
  takeNow(records: readonly ReadableLogRecord[], source?: RecordSource): void;
  /** What is still to be said, a message for each destination; for a process that ends. */
  lastWords(): readonly LastWord[];
  /** Slack has confirmed them. */
  lastWordsSent(): void;
  /** What waits is kept on the disk. */
  readonly isKept: boolean;
  /** The process ends: what waits is left to its next start, where that is wanted. */
  leave(): void;
  /** The resource of the last record that was taken. */
  lastResource(): ReadableResource | undefined;
  /** A flush begins: until the returned function is called, what waits goes out in as few messages as possible. */
  hurry(): () => void;
  /** Waits until what is due is delivered, at most until the deadline (monotonic milliseconds); true when it is. Never rejects. */
  flush(deadlineMillis: number): Promise<boolean>;
  /** Records that were lost before they came here; they are told in the channel. */
  lose(records: number): void;
  /** Delivers what it can until the deadline and ends. Never rejects. */
  close(options: CloseOptions): Promise<void>;
  stats(): SlackExporterStats;
}

/** Where records come from: what it knows of them, and wants to know. */
export interface RecordSource {
  /** They are taken now; gives those that are to be. */
  arrived(records: readonly ReadableLogRecord[]): readonly ReadableLogRecord[];
  /** For how many records one stands, itself included. */
  countOf(record: ReadableLogRecord): number;
  /** No route wants so many records. */
  unwanted(records: number): void;
}

/** Options of {@link Pipeline.close}. */
export interface CloseOptions {
  readonly deadlineMillis: number;
  /** Waits until no batch has come for so long: the SDK's processor goes on exporting during its own shutdown. */
  readonly graceMillis: number;
}

/** Composes the stages. */
export function createPipeline(settings: Settings, dependencies: Dependencies): Pipeline {
  const select = createSelect(settings, dependencies.diagnostics);
  if (settings.routes.length === 0) return offPipeline(select);
  const { clock } = dependencies;
  const spool = openSpoolOf(settings, dependencies);
  const metrics = createExporterMetrics(settings.selfObsMeterProvider, dependencies.diagnostics);
  const lines = createLines(settings, { ...dependencies, metrics }, spool);
  const all = [...lines.values()];
  const keeper = spool && createKeeper({ spool, lines: all, clock });
  if (keeper) metrics.watch(undefined, accountsOf(keeper));
  const intake = createIntake(settings, lines, dependencies);
  const closing = createSignal();
  const closed = closing.next();
  let phase: 'open' | 'closing' | 'closed' = 'open';
  let lastTakenMillis = Number.NEGATIVE_INFINITY;
  let lastResource: ReadableResource | undefined;
  /** Batches of which a part waits for its turn. */
  const taking = new Set<Slices>();
  const taken = (): Promise<unknown> => Promise.all([...taking].map(({ done }) => done));
  /** Records that nobody has looked at yet: each stands for itself, and nobody asks. */
  const byHand: RecordSource = {
    arrived: (records) => records.filter(select),
    countOf: () => 1,
    unwanted: () => {},
  };
  const takeChunk = (records: readonly ReadableLogRecord[], source: RecordSource): void => {
    const isOpen = phase !== 'closed';
    if (isOpen) lastTakenMillis = clock.monotonic();
    lastResource = resourceOf(records.at(-1)) ?? lastResource;
    for (const record of source.arrived(records)) {
      const count = source.countOf(record);
      if (!intake(record, count, isOpen)) source.unwanted(count);
    }
  };

  return {
    isOff: false,
    isKept: keeper !== undefined,
    select,
    takeNow(records, source = byHand) {
      for (const slices of taking) slices.finish();
      takeChunk(records, source);
    },
    lastWords: () => all.map((line) => line.lastWord()).filter((word) => word !== undefined),
    lastWordsSent: together(all.map((line) => () => line.lastWordSent())),
    leave: () => keeper?.leave(),
    lastResource: () => lastResource,
    take(records, source = byHand) {
      const rest = inSlices(records, clock, (chunk) => takeChunk(chunk, source));
      if (rest === undefined) return kept(phase !== 'closed', keeper);
      const release = together(all.map((line) => line.hold()));
      taking.add(rest);
      return rest.done.then(() => {
        release();
        return kept(taking.delete(rest) && phase !== 'closed', keeper);
      });
    },
    // Nobody knows where they would have gone; the destination at the top level stands for all.
    lose: (records) => all.at(-1)?.lose(records),
    hurry: () => together(all.map((line) => line.hurry())),
    async flush(deadlineMillis) {
      if (phase !== 'open') return true;
      await Promise.all([taken(), keeper?.recovered(deadlineMillis)]);
      const flushed = Promise.all(all.map((line) => line.flush(deadlineMillis)));
      return Promise.race([flushed.then((done) => done.every(Boolean)), closed.then(() => true)]);
    },
    async close({ deadlineMillis, graceMillis }) {
      phase = 'closing';
      closing.fire();
      const graceEndMillis = (): number =>
        Math.min(deadlineMillis, Math.max(begunMillis, lastTakenMillis) + graceMillis);
      const begunMillis = clock.monotonic();
      while (clock.monotonic() < graceEndMillis()) await sleepUntil(clock, graceEndMillis(), { ref: true });
      await Promise.all([taken(), keeper?.recovered(deadlineMillis)]);
      await keeper?.keep();
      await Promise.all(all.map((line) => line.close(deadlineMillis, keeper?.keep)));
      phase = 'closed';
      await keeper?.close(deadlineMillis);
      metrics.close();
    },
    stats: () => ({ ...statsOf(all, keeper), ...callbackErrorsOf(dependencies.diagnostics) }),
  };
}

/** A record may be anybody's object, and what is thrown here would hold up all that comes after it. */
function resourceOf(record: ReadableLogRecord | undefined): ReadableResource | undefined {
  try {
    return record?.resource;
  } catch {
    return undefined;
  }
}

/** Whether they are taken, said when they are where they are to be kept. */
function kept(isTaken: boolean, keeper: Keeper | undefined): boolean | Promise<boolean> {
  return keeper === undefined || !isTaken ? isTaken : keeper.keep().then(() => isTaken);
}

function openSpoolOf({ spool }: Settings, { clock, diagnostics, openSpool }: Dependencies): Spool | undefined {
  if (spool === false) return undefined;
  const warn = (reason: string): void =>
    diagnostics.warn(`spool ${reason}`, `spool: ${reason}; until it is mended, records are in memory only`);
  return openSpool({ ...spool, clock, newId: randomUUID, warn });
}

function together(functions: readonly (() => void)[]): () => void {
  return () => {
    for (const run of functions) run();
  };
}

/** One line for each destination, however many routes lead to it. */
function createLines(
  settings: Settings,
  dependencies: Dependencies & Pick<Shared, 'metrics'>,
  spool: Spool | undefined,
): ReadonlyMap<LineSettings, Line> {
  const distinct = new Set(settings.routes.map(({ line }) => line));
  const shared = {
    ...dependencies,
    redactor: createRedactor(settings, dependencies.diagnostics),
    spool,
    remember: spool ? rememberIn(spool) : () => {},
  };
  return new Map([...distinct].map((line) => [line, createLine(line, settings, shared)]));
}

/** Reads a record, once for all lines, and gives it to those that want it; false when none does. Never throws. */
type Intake = (record: ReadableLogRecord, count: number, isOpen: boolean) => boolean;

function createIntake(
  settings: Settings,
  lines: ReadonlyMap<LineSettings, Line>,
  { diagnostics }: Dependencies,
): Intake {
  const route = createRouter(settings.routes);
  const fingerprint = createFingerprint(settings, diagnostics);
  const [firstLine] = [...lines.values()] as [Line, ...Line[]];
  return (record, count, isOpen) => {
    try {
      const view = readRecord(record);
      const wanting = route(view).map((line) => lines.get(line) as Line);
      if (wanting.length === 0) return false;
      const name = isOpen ? fingerprint(record, view) : '';
      for (const line of wanting) {
        if (isOpen) line.accept(view, name, count);
        else line.refuse(count, 'shutdown');
      }
    } catch {
      // A record that even the guarded reading cannot bear is counted, and the others of its batch go on.
      firstLine.refuse(count, isOpen ? 'rejected' : 'shutdown');
    }
    return true;
  };
}

function statsOf(lines: readonly Line[], keeper: Keeper | undefined): SlackExporterStats {
  const destinations: Record<string, Counts> = {};
  for (const line of lines) destinations[uniqueName(line.label, destinations)] = line.counts();
  return { ...Object.values(destinations).reduce(addCounts, lostOnDisk(keeper)), destinations };
}

function callbackErrorsOf(diagnostics: Diagnostics): Pick<SlackExporterStats, 'callbackErrors'> {
  const callbackErrors = diagnostics.failures();
  return Object.keys(callbackErrors).length === 0 ? {} : { callbackErrors };
}

/** What earlier processes had and nobody will ever see: of no destination, because that cannot be read either. */
function lostOnDisk(keeper: Keeper | undefined): Counts {
  const { damaged, expired } = keeper?.lost() ?? { damaged: 0, expired: 0 };
  if (damaged + expired === 0) return NO_COUNTS;
  return addCounts(NO_COUNTS, {
    ...NO_COUNTS,
    accepted: damaged + expired,
    dropped: { spool_damaged: damaged, expired },
  });
}

/** They change no more when the spool is closed. */
function accountsOf(keeper: Keeper): Accounts {
  const counts = (): Counts => lostOnDisk(keeper);
  const closed = (): (() => Counts) => {
    const last = counts();
    return () => last;
  };
  return { counts, closed };
}

/** Two workspaces may each have a channel of one name. */
function uniqueName(label: string, taken: Readonly<Record<string, unknown>>): string {
  let name = label;
  for (let number = 2; Object.hasOwn(taken, name); number++) name = `${label} (${number})`;
  return name;
}

function offPipeline(select: Select): Pipeline {
  return {
    isOff: true,
    isKept: false,
    select,
    take: () => true,
    takeNow: () => {},
    lastWords: () => [],
    lastWordsSent: () => {},
    leave: () => {},
    lastResource: () => undefined,
    hurry: () => () => {},
    flush: () => Promise.resolve(true),
    lose: () => {},
    close: () => Promise.resolve(),
    stats: () => ({ ...NO_COUNTS, destinations: {} }),
  };
}
