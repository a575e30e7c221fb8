import { randomUUID } from 'node:crypto';
import { createFingerprint } from '../classify/fingerprint.js';
import { createRouter } from '../classify/router.js';
import type { LineSettings, Settings } from '../config/settings.js';
import { createSelect, type Select } from '../gate/filter.js';
import type { ReadableLogRecord, ReadableResource } from '../record/otel.js';
import { readRecord } from '../record/read-record.js';
import { createRedactor } from '../redact/redactor.js';
import type { LastWord } from '../slack/types.js';
import type { Spool } from '../spool/types.js';
import { NO_COUNTS, type SlackExporterStats } from '../telemetry/ledger.js';
import { createExporterMetrics, type ExporterMetrics } from '../telemetry/metrics.js';
import { sleepUntil } from '../util/clock.js';
import { createSignal, type Signal } from '../util/signal.js';
import { inSlices, type Slices } from '../util/time-slicing.js';
import { createLine, type Dependencies, type Line, type Shared } from './destination.js';
import { rememberIn } from './notification-log.js';
import { createKeeper, type Keeper } from './spooler.js';
import { accountsOf, statsOf } from './stats.js';

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
  const spool = openSpoolOf(settings, dependencies);
  const metrics = createExporterMetrics(settings.selfObsMeterProvider, dependencies.diagnostics);
  const lines = createLines(settings, { ...dependencies, metrics }, spool);
  const all = [...lines.values()];
  const keeper = spool && createKeeper({ spool, lines: all, clock: dependencies.clock });
  if (keeper) metrics.watch(undefined, accountsOf(keeper));
  const intake = createIntake(settings, lines, dependencies);
  return new OpenPipeline({ ...dependencies, select, lines: all, keeper, intake, metrics });
}

/** What an {@link OpenPipeline} is made of. */
interface PipelineParts extends Pick<Dependencies, 'clock' | 'diagnostics'> {
  readonly select: Select;
  readonly lines: readonly Line[];
  readonly keeper: Keeper | undefined;
  readonly intake: Intake;
  readonly metrics: ExporterMetrics;
}

class OpenPipeline implements Pipeline {
  readonly isOff = false;
  readonly isKept: boolean;
  readonly select: Select;
  readonly #parts: PipelineParts;
  readonly #lines: readonly Line[];
  readonly #closing: Signal = createSignal();
  readonly #closed: Promise<void> = this.#closing.next();
  /** Records that nobody has looked at yet: each stands for itself, and nobody asks. */
  readonly #byHand: RecordSource;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #lastTakenMillis = Number.NEGATIVE_INFINITY;
  #lastResource: ReadableResource | undefined;
  /** Batches of which a part waits for its turn. */
  readonly #taking = new Set<Slices>();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#lines = parts.lines;
    this.select = parts.select;
    this.isKept = parts.keeper !== undefined;
    this.#byHand = { arrived: (records) => records.filter(parts.select), countOf: () => 1, unwanted: () => {} };
  }

  take(records: readonly ReadableLogRecord[], source: RecordSource = this.#byHand): boolean | Promise<boolean> {
    const rest = inSlices(records, this.#parts.clock, (some) => this.#takeSome(some, source));
    if (rest === undefined) return this.#kept();
    const release = together(this.#lines.map((line) => line.hold()));
    this.#taking.add(rest);
    return rest.done.then(() => {
      release();
      this.#taking.delete(rest);
      return this.#kept();
    });
  }

  takeNow(records: readonly ReadableLogRecord[], source: RecordSource = this.#byHand): void {
    for (const slices of this.#taking) slices.finish();
    this.#takeSome(records, source);
  }

  #takeSome(records: readonly ReadableLogRecord[], source: RecordSource): void {
    const isOpen = this.#phase !== 'closed';
    if (isOpen) this.#lastTakenMillis = this.#parts.clock.monotonic();
    this.#lastResource = resourceOf(records.at(-1)) ?? this.#lastResource;
    for (const record of source.arrived(records)) {
      const count = source.countOf(record);
      if (!this.#parts.intake(record, count, isOpen)) source.unwanted(count);
    }
  }

  /** Whether they are taken, said when they are where they are to be kept. */
  #kept(): boolean | Promise<boolean> {
    const isTaken = this.#phase !== 'closed';
    const { keeper } = this.#parts;
    return keeper === undefined || !isTaken ? isTaken : keeper.keep().then(() => isTaken);
  }

  lose(records: number): void {
    // Nobody knows where they would have gone; the destination at the top level stands for all.
    this.#lines.at(-1)?.lose(records);
  }

  hurry(): () => void {
    return together(this.#lines.map((line) => line.hurry()));
  }

  async flush(deadlineMillis: number): Promise<boolean> {
    if (this.#phase !== 'open') return true;
    await this.#settled(deadlineMillis);
    const flushed = Promise.all(this.#lines.map((line) => line.flush(deadlineMillis)));
    return Promise.race([flushed.then((done) => done.every(Boolean)), this.#closed.then(() => true)]);
  }

  /** All that was handed over is in the lines. */
  async #settled(deadlineMillis: number): Promise<void> {
    const taken = [...this.#taking].map(({ done }) => done);
    await Promise.all([...taken, this.#parts.keeper?.recovered(deadlineMillis)]);
  }

  async close({ deadlineMillis, graceMillis }: CloseOptions): Promise<void> {
    const { clock, keeper, metrics } = this.#parts;
    this.#phase = 'closing';
    this.#closing.fire();
    const begunMillis = clock.monotonic();
    const graceEndMillis = (): number =>
      Math.min(deadlineMillis, Math.max(begunMillis, this.#lastTakenMillis) + graceMillis);
    while (clock.monotonic() < graceEndMillis()) await sleepUntil(clock, graceEndMillis(), { ref: true });
    await this.#settled(deadlineMillis);
    await keeper?.keep();
    await Promise.all(this.#lines.map((line) => line.close(deadlineMillis, keeper?.keep)));
    this.#phase = 'closed';
    await keeper?.close(deadlineMillis);
    metrics.close();
  }

  lastWords(): readonly LastWord[] {
    return this.#lines.map((line) => line.lastWord()).filter((word) => word !== undefined);
  }

  lastWordsSent(): void {
    for (const line of this.#lines) line.lastWordSent();
  }

  leave(): void {
    this.#parts.keeper?.leave();
  }

  lastResource(): ReadableResource | undefined {
    return this.#lastResource;
  }

  stats(): SlackExporterStats {
    return statsOf(this.#lines, this.#parts.keeper, this.#parts.diagnostics);
  }
}

/** A record may be anybody's object, and what is thrown here would hold up all that comes after it. */
function resourceOf(record: ReadableLogRecord | undefined): ReadableResource | undefined {
  try {
    return record?.resource;
  } catch {
    return undefined;
  }
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
