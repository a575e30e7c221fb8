import type { SlackExporterStats } from '../src/index.js';
import type { End } from './scenario.js';

/** The longest times of the app's own operations in one second, in milliseconds. */
export interface Latency {
  readonly loop: number;
  readonly fs: number;
  readonly lookup: number;
}

/** A measurement, and when the parent received it, in milliseconds of its monotonic clock. */
export interface TimedLatency extends Latency {
  readonly atMillis: number;
}

/** Records of a problem that the app emitted, and in which of its ticks. */
interface Emitted {
  readonly problem: string;
  readonly count: number;
  readonly tick: number;
}

/** The end of a life. */
export interface Ended {
  /** `unasked` when nothing told the process to end. */
  readonly how: End | 'unasked';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly tookMillis: number;
}

/** A process loads and compiles its code in this time. */
const START_MILLIS = 3_000;

/** One process of the app, from its start to its end, as its lines on stdout tell. */
export class Life {
  readonly name: string;
  readonly startMillis: number = performance.now();
  readonly emitted: Emitted[] = [];
  readonly accepted: Map<string, number> = new Map();
  readonly latency: TimedLatency[] = [];
  /** Until then the latency is not the package's: the process has just started, or it was stopped. */
  unmeasuredUntilMillis: number;
  stats: SlackExporterStats | undefined;
  tick = 0;
  /** The app has awaited its shutdown. */
  isShutDown = false;
  /** Records that this life may lose, because its disk failed or it has no spool. */
  forgiven = 0;
  ended: Ended | undefined;
  stderr = '';
  stdout = '';

  constructor(name: string) {
    this.name = name;
    this.unmeasuredUntilMillis = this.startMillis + START_MILLIS;
  }

  get pending(): number {
    return this.stats?.pending ?? 0;
  }

  /** The pending records, and those that were emitted after the last sample of the stats. */
  get undelivered(): number {
    const recent = this.emitted.filter(({ tick }) => tick >= this.tick - 1);
    return recent.reduce((sum, { count }) => sum + count, this.pending);
  }

  get dropped(): number {
    return Object.values(this.stats?.dropped ?? {}).reduce((sum, records) => sum + records, 0);
  }

  /** Reads a line that the app wrote. Returns the stats in it. */
  read(line: string): SlackExporterStats | undefined {
    const told = JSON.parse(line) as {
      readonly emitted?: Readonly<Record<string, number>>;
      readonly accepted?: Readonly<Record<string, number>>;
      readonly stats?: SlackExporterStats;
      readonly latency?: Latency;
      readonly shutDown?: true;
      readonly tick?: number;
    };
    this.tick = told.tick ?? this.tick;
    this.isShutDown ||= told.shutDown ?? false;
    for (const [problem, count] of Object.entries(told.emitted ?? {}))
      this.emitted.push({ problem, count, tick: this.tick });
    for (const [problem, count] of Object.entries(told.accepted ?? {})) add(this.accepted, problem, count);
    const atMillis = performance.now();
    if (told.latency && atMillis > this.unmeasuredUntilMillis) this.latency.push({ ...told.latency, atMillis });
    this.stats = told.stats ?? this.stats;
    return told.stats;
  }

  /** Returns the records that must not be lost, by problem. */
  owed(front: 'processor' | 'exporter'): ReadonlyMap<string, number> {
    if (front === 'exporter') return this.accepted;
    const owed = new Map<string, number>();
    // A SIGKILL may lose what was not on the disk yet.
    const lastTick = this.ended?.how === 'SIGKILL' ? this.tick - DURABLE_TICKS : Number.POSITIVE_INFINITY;
    for (const { problem, count, tick } of this.emitted) if (tick <= lastTick) add(owed, problem, count);
    return owed;
  }
}

/**
 * After this many ticks of 50 ms a record is on the disk: half a second in the SDK's queue, and at most five seconds for
 * the disk.
 */
const DURABLE_TICKS = 120;

/** Adds to a count in a map. */
export function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
