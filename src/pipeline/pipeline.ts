import { randomUUID } from 'node:crypto';
import type { DestinationSettings, Settings } from '../config/index.js';
import type { SendLoop } from '../deliver/index.js';
import { createSelector, type Selector } from '../gate/index.js';
import type { ReadableLogRecord, ReadableResource } from '../record/index.js';
import { createRedactor } from '../redact/index.js';
import type { LastWord, LastWordResult } from '../slack/index.js';
import type { Spool } from '../spool/index.js';
import {
  createExporterMetrics,
  type ExporterMetrics,
  runInternal,
  type SlackExporterStats,
} from '../telemetry/index.js';
import { guarded, inSlices, isOwnWork, Signal, type Slices, sleepUntil, whenSettled } from '../util/index.js';
import { type Dependencies, DestinationPipeline, type SharedDependencies } from './destination.js';
import { createIntake, type Intake, type RecordSource } from './intake.js';
import { NotificationLog } from './notification-log.js';
import { createPipelineThatIsOff } from './off.js';
import { Spooler } from './spooler.js';
import { accountsOf, statsOf } from './stats.js';
import type { CloseOptions, Pipeline } from './types.js';

/** Creates the pipeline: composes the stages from the settings. */
export function createPipeline(settings: Settings, dependencies: Dependencies): Pipeline {
  const { diagnostics, clock } = dependencies;
  const select = createSelector(settings, diagnostics);
  if (settings.routes.length === 0) return createPipelineThatIsOff(select);
  const spool = openSpool(settings, dependencies);
  const notificationLog = spool && new NotificationLog(spool);
  const metrics = createExporterMetrics(settings.selfObsMeterProvider, diagnostics);
  const redactor = createRedactor(settings, diagnostics);
  const byTarget = createDestinations(settings, { ...dependencies, redactor, metrics, spool, notificationLog });
  const destinations = [...byTarget.values()];
  const warn = (message: string): void => diagnostics.warn('spool at exit', message);
  const spooler = spool && notificationLog && new Spooler({ spool, notificationLog, destinations, clock, warn });
  if (spooler) metrics.watch(undefined, accountsOf(spooler));
  const intake = createIntake(settings, byTarget, diagnostics);
  return new OpenPipeline({ clock, diagnostics, select, destinations, spooler, intake, metrics });
}

/** Options of an {@link OpenPipeline}. */
interface PipelineParts extends Pick<Dependencies, 'clock' | 'diagnostics'> {
  readonly select: Selector;
  readonly destinations: readonly DestinationPipeline[];
  readonly spooler: Spooler | undefined;
  readonly intake: Intake;
  readonly metrics: ExporterMetrics;
}

class OpenPipeline implements Pipeline {
  readonly isOff = false;
  readonly isSpooled: boolean;
  readonly select: Selector;
  readonly #parts: PipelineParts;
  readonly #closing = new Signal();
  readonly #closed: Promise<void> = this.#closing.next();
  readonly #withoutGate: RecordSource;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #lastAcceptedMillis = Number.NEGATIVE_INFINITY;
  #lastResource: ReadableResource | undefined;
  /** The loops of the last words, in their order. */
  #lastLoops: readonly SendLoop[] = [];
  /** Large batches that are not accepted completely yet. */
  readonly #accepting = new Set<Slices>();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.select = parts.select;
    this.isSpooled = parts.spooler !== undefined;
    this.#withoutGate = {
      arrived: (records, accept) => {
        for (const record of records) if (parts.select(record)) accept(record, 1);
      },
      unwanted: () => {},
    };
  }

  accept(records: readonly ReadableLogRecord[], source: RecordSource = this.#withoutGate): boolean | Promise<boolean> {
    // A processor that exports at once passes a record on while a callback or a getter of ours emits it.
    if (isOwnWork()) return true;
    const remaining = inSlices(records, this.#parts.clock, (slice) => this.#acceptSlice(slice, source));
    if (remaining === undefined) return this.#saved();
    const resume = callAll(this.#parts.destinations.map(({ loop }) => loop.pause()));
    this.#accepting.add(remaining);
    return remaining.done.then(() => {
      resume();
      this.#accepting.delete(remaining);
      return this.#saved();
    });
  }

  acceptNow(records: readonly ReadableLogRecord[], source: RecordSource = this.#withoutGate): void {
    for (const slices of this.#accepting) slices.finish();
    this.#acceptSlice(records, source);
  }

  #acceptSlice(records: readonly ReadableLogRecord[], source: RecordSource): void {
    const isOpen = this.#phase !== 'closed';
    if (isOpen) this.#lastAcceptedMillis = this.#parts.clock.monotonic();
    this.#lastResource = guarded(() => records.at(-1)?.resource) ?? this.#lastResource;
    const arrived: (readonly [record: ReadableLogRecord, count: number])[] = [];
    // The filter of the app runs here: records that it logs are the app's own.
    source.arrived(records, (record, count) => arrived.push([record, count]));
    runInternal(() => {
      for (const [record, count] of arrived) {
        if (!this.#parts.intake(record, count, isOpen)) source.unwanted(count);
      }
    });
  }

  /** Returns whether the records are accepted; with a spool, resolves once they are saved. */
  #saved(): boolean | Promise<boolean> {
    const isAccepted = this.#phase !== 'closed';
    const { spooler } = this.#parts;
    return spooler === undefined || !isAccepted ? isAccepted : spooler.save().then(() => isAccepted);
  }

  reportLost(records: number): void {
    // Their routes are unknown, so the destination of the top-level options reports them. It is the last one.
    this.#parts.destinations.at(-1)?.reportLost(records);
  }

  expedite(): () => void {
    return callAll(this.#parts.destinations.map(({ loop }) => loop.expedite()));
  }

  async flush(deadlineMillis: number): Promise<boolean> {
    if (this.#phase !== 'open') return true;
    await this.#settled(deadlineMillis);
    const flushed = Promise.all(this.#parts.destinations.map(({ loop }) => loop.flush(deadlineMillis)));
    return new Promise((resolve) => {
      // The shutdown waits for everything that this flush waits for.
      const stopWaiting = whenSettled(this.#closed, () => resolve(true));
      void flushed.then((done) => {
        stopWaiting();
        resolve(done.every(Boolean));
      });
    });
  }

  /** Waits until every batch is folded, and the records of earlier processes are restored. */
  async #settled(deadlineMillis: number): Promise<void> {
    const folded = [...this.#accepting].map(({ done }) => done);
    await Promise.all([...folded, this.#parts.spooler?.recovered(deadlineMillis)]);
  }

  async close({ deadlineMillis, graceMillis }: CloseOptions): Promise<void> {
    const { destinations, spooler, metrics, diagnostics } = this.#parts;
    this.#phase = 'closing';
    this.#closing.fire();
    await this.#lastBatches(deadlineMillis, graceMillis);
    await this.#settled(deadlineMillis);
    const saved = spooler?.save();
    const deliveredMillis = spooler?.lastSaveAtMillis(deadlineMillis) ?? deadlineMillis;
    const saveAll = spooler && (() => spooler.saveAll(deadlineMillis));
    await Promise.all(destinations.map((destination) => destination.close(deliveredMillis, saveAll)));
    await saved;
    this.#phase = 'closed';
    await spooler?.close(deadlineMillis);
    metrics.close();
    diagnostics.summarize(this.#dropped());
  }

  async #lastBatches(deadlineMillis: number, graceMillis: number): Promise<void> {
    const { clock } = this.#parts;
    const startMillis = clock.monotonic();
    const graceEndMillis = (): number =>
      Math.min(deadlineMillis, Math.max(startMillis, this.#lastAcceptedMillis) + graceMillis);
    while (clock.monotonic() < graceEndMillis()) await sleepUntil(clock, graceEndMillis(), { ref: true });
  }

  lastWords(): readonly LastWord[] {
    const said = this.#parts.destinations.map(({ loop, lastWord }) => ({ loop, word: lastWord() }));
    const spoken = said.filter((each): each is { loop: SendLoop; word: LastWord } => each.word !== undefined);
    this.#lastLoops = spoken.map(({ loop }) => loop);
    return spoken.map(({ word }) => word);
  }

  lastWordsEnded(results: readonly LastWordResult[]): void {
    for (const [at, loop] of this.#lastLoops.entries()) loop.lastMessageEnded(results[at] ?? 'failed');
  }

  leave(): void {
    const { spooler, destinations, diagnostics } = this.#parts;
    if (spooler !== undefined) spooler.leaveToNextProcess();
    else for (const { loop } of destinations) loop.dropPending();
    diagnostics.summarize(this.#dropped());
  }

  lastResource(): ReadableResource | undefined {
    return this.#lastResource;
  }

  refuse(): void {
    this.#phase = 'closed';
  }

  #dropped(): number {
    return Object.values(this.stats().dropped).reduce((sum, records) => sum + records, 0);
  }

  stats(): SlackExporterStats {
    const { destinations, spooler, diagnostics } = this.#parts;
    return statsOf(destinations, spooler, diagnostics);
  }
}

function openSpool({ spool }: Settings, { clock, diagnostics, openSpool }: Dependencies): Spool | undefined {
  if (spool === false) return undefined;
  const warn = (reason: string): void =>
    diagnostics.warn(`spool ${reason}`, `spool: ${reason}; until it is mended, records are in memory only`);
  return openSpool({ ...spool, clock, newId: randomUUID, warn });
}

/** Creates one pipeline for each destination. Several routes may have the same destination. */
function createDestinations(
  settings: Settings,
  shared: SharedDependencies,
): ReadonlyMap<DestinationSettings, DestinationPipeline> {
  const targets = new Set(settings.routes.map(({ target }) => target));
  return new Map([...targets].map((target) => [target, new DestinationPipeline(target, settings, shared)]));
}

function callAll(functions: readonly (() => void)[]): () => void {
  return () => {
    for (const run of functions) run();
  };
}
