import { randomBytes } from 'node:crypto';
import type { Settings } from '../../../../src/config/index.js';
import { createRateLimits } from '../../../../src/deliver/index.js';
import { createPipeline, type Dependencies, type Pipeline } from '../../../../src/pipeline/index.js';
import type { Connect } from '../../../../src/slack/index.js';
import { openSpool } from '../../../../src/spool/index.js';
import type { Clock } from '../../../../src/util/index.js';
import type { Io } from '../shared/command.js';
import { createDiagnostics } from '../shared/diagnostics.js';
import type { SimulatedClock } from './clock.js';
import { readDocuments } from './documents.js';
import { type FileRecord, readRecords } from './otlp.js';
import { createProblemCounter, type ProblemCounter } from './problems.js';
import { createReplay, type Replay, type ReplayTimes } from './replay.js';
import { type ChannelMessage, createSimulatedSlack, type MessageListener, type SimulatedSlack } from './slack.js';
import { readLines } from './source.js';
import { perDay, type Summary, totalOf } from './summary.js';
import type { InboxTarget } from './to-inbox.js';

/** Options of {@link Simulation}. */
export interface SimulationOptions {
  readonly settings: Settings;
  readonly clock: SimulatedClock;
  readonly printer: MessageListener;
  /** An inbox that receives the messages too. */
  readonly target: InboxTarget | undefined;
  readonly warn: (message: string) => void;
  /** Measures how long the simulation takes. */
  readonly realClock: Clock;
}

const MAX_TOP_PROBLEMS = 5;

/** The whole exporter on a simulated clock, in front of a simulated Slack. */
export class Simulation {
  readonly #settings: Settings;
  readonly #pipeline: Pipeline;
  readonly #replay: Replay;
  readonly #times: ReplayTimes = { firstMillis: undefined, lastMillis: undefined, withoutTime: 0 };
  readonly #problems: ProblemCounter;
  readonly #slack: SimulatedSlack;
  readonly #realClock: Clock;
  readonly #startedMillis: number;
  #records = 0;
  #wanted = 0;
  #unreadable = 0;
  #firstUnreadable: Summary['firstUnreadable'];

  constructor({ settings, clock, printer, target, warn, realClock }: SimulationOptions) {
    const diagnostics = createDiagnostics(warn);
    this.#settings = settings;
    this.#realClock = realClock;
    this.#startedMillis = realClock.monotonic();
    this.#slack = createSimulatedSlack(clock, printer);
    const connect: Connect = target?.connect(this.#slack.connect) ?? this.#slack.connect;
    const newId = (): string => randomBytes(4).toString('hex');
    // Not random: two previews of one file give the same result.
    const fixed = { random: () => 0.5, newId, openSpool, rateLimits: createRateLimits() };
    const dependencies: Dependencies = { clock, diagnostics, connect, ...fixed };
    this.#pipeline = createPipeline(settings, dependencies);
    const replay = { pipeline: this.#pipeline, clock, settings, nowMillis: realClock.now(), times: this.#times };
    this.#replay = createReplay(replay);
    this.#problems = createProblemCounter(settings, diagnostics);
  }

  /** All records of the file so far, whether a route takes them or not. */
  get records(): number {
    return this.#records;
  }

  messages(): readonly ChannelMessage[] {
    return this.#slack.messages();
  }

  /** Replays a file; resolves to false when the user ended the command first. */
  async readAll(path: string, io: Pick<Io, 'stdin' | 'cwd' | 'stopped'>): Promise<boolean> {
    for await (const document of readDocuments(readLines(path, io))) {
      if (io.stopped.aborted) return false;
      const records: FileRecord[] = [];
      const take = (record: FileRecord): void => void records.push(record);
      const reader = { minSeverity: this.#settings.minSeverity, take };
      const problem = 'problem' in document ? document.problem : readRecords(document.value, reader);
      if (problem !== undefined) {
        this.#unreadable++;
        this.#firstUnreadable ??= { line: document.line, problem };
      }
      this.#records += records.length;
      await this.#replayAll(records, 'problem' in document ? 0 : document.length);
    }
    await this.#replay.end();
    return true;
  }

  async #replayAll(records: readonly FileRecord[], documentLength: number): Promise<void> {
    const length = documentLength / records.length;
    for (const fileRecord of records) {
      const { record } = fileRecord;
      if (record && this.#pipeline.select(record) && this.#problems.add(record)) this.#wanted++;
      // Awaited only if needed: the clock need not advance for most records.
      const advancing = this.#replay.add(fileRecord, length);
      if (advancing !== undefined) await advancing;
    }
  }

  summary(): Summary {
    const { firstMillis, lastMillis, withoutTime } = this.#times;
    const seconds = ((lastMillis ?? 0) - (firstMillis ?? 0)) / 1_000;
    const total = totalOf(this.#slack.counts.values());
    return {
      records: this.#records,
      unreadable: this.#unreadable,
      firstUnreadable: this.#firstUnreadable,
      withoutTime,
      from: isoTime(firstMillis),
      to: isoTime(lastMillis),
      seconds,
      minSeverity: this.#settings.minSeverity,
      wanted: this.#wanted,
      problems: this.#problems.count(),
      topProblems: this.#problems.mostFrequent(MAX_TOP_PROBLEMS),
      destinations: Object.fromEntries(this.#slack.counts),
      total,
      perDay: perDay(total, seconds),
      dropped: this.#pipeline.stats().dropped,
      tookSeconds: (this.#realClock.monotonic() - this.#startedMillis) / 1_000,
      maxMemoryBytes: process.resourceUsage().maxRSS * 1_024,
    };
  }
}

function isoTime(millis: number | undefined): string | undefined {
  return millis === undefined ? undefined : new Date(millis).toISOString();
}
