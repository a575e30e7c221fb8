import { sleepUntil } from './clock.js';
import { NO_COUNTS, type SlackExporterStats } from './ledger.js';
import { createLine, type Dependencies } from './line.js';
import type { ReadableLogRecord } from './otel.js';
import { createSelect, type Select } from './select.js';
import type { Settings } from './settings.js';
import { createSignal } from './signal.js';

/**
 * The way of a record from the exporter's door to Slack: select, and then for each destination (line.ts) fingerprint →
 * fold, and behind it the sender loop (deliver.ts): pace → choose → render → send → settle.
 */
export interface Pipeline {
  /** No destination: everything is taken, nothing happens. */
  readonly isOff: boolean;
  readonly select: Select;
  /**
   * Takes records that are selected already, each for as many as `countOf` says (by default one). Synchronous; false when
   * the pipeline is closed.
   */
  take(records: readonly ReadableLogRecord[], countOf?: (record: ReadableLogRecord) => number): boolean;
  /** A flush begins: until the returned function is called, what waits goes out in as few messages as possible. */
  hurry(): () => void;
  /** Waits for delivery, at most until the deadline (monotonic milliseconds). Never rejects. */
  flush(deadlineMillis: number): Promise<void>;
  /** Delivers what it can until the deadline and ends. Never rejects. */
  close(options: CloseOptions): Promise<void>;
  stats(): SlackExporterStats;
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
  if (settings.destination === undefined) return offPipeline(select);
  const { clock } = dependencies;
  const line = createLine(settings.destination, settings, dependencies);
  const closing = createSignal();
  const closed = closing.next();
  let phase: 'open' | 'closing' | 'closed' = 'open';
  let lastTakenMillis = Number.NEGATIVE_INFINITY;

  return {
    isOff: false,
    select,
    take(records, countOf = one) {
      if (phase === 'closed') {
        for (const record of records) line.refuse(countOf(record));
        return false;
      }
      lastTakenMillis = clock.monotonic();
      for (const record of records) line.accept(record, countOf(record));
      return true;
    },
    hurry: () => line.hurry(),
    async flush(deadlineMillis) {
      if (phase === 'open') await Promise.race([line.flush(deadlineMillis), closed]);
    },
    async close({ deadlineMillis, graceMillis }) {
      phase = 'closing';
      closing.fire();
      const graceEndMillis = (): number =>
        Math.min(deadlineMillis, Math.max(begunMillis, lastTakenMillis) + graceMillis);
      const begunMillis = clock.monotonic();
      while (clock.monotonic() < graceEndMillis()) await sleepUntil(clock, graceEndMillis(), { ref: true });
      await line.close(deadlineMillis);
      phase = 'closed';
    },
    stats: () => ({ ...line.counts(), destinations: { [line.label]: line.counts() } }),
  };
}

function one(): number {
  return 1;
}

function offPipeline(select: Select): Pipeline {
  return {
    isOff: true,
    select,
    take: () => true,
    hurry: () => () => {},
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
    stats: () => ({ ...NO_COUNTS, destinations: {} }),
  };
}
