import type { Selector } from '../gate/index.js';
import type { ReadableLogRecord, ReadableResource } from '../record/index.js';
import type { LastWord, LastWordResult } from '../slack/index.js';
import type { SlackExporterStats } from '../telemetry/index.js';
import type { RecordSource } from './intake.js';

/**
 * The path of a record from `export()` to Slack: read, route, fingerprint and fold (intake.ts), and then for each
 * destination (destination.ts) the send loop (deliver/send-loop.ts).
 */
export interface Pipeline {
  /** There is no destination: every record is accepted and none is sent. */
  readonly isOff: boolean;
  /** Pending records are saved to the spool. */
  readonly isSpooled: boolean;
  readonly select: Selector;
  /**
   * Accepts records. Returns false when the pipeline is closed. Returns a promise for a large batch, which is processed in
   * several turns of the event loop, and with a spool, which saves the records first. Never throws, never rejects.
   */
  accept(records: readonly ReadableLogRecord[], source?: RecordSource): boolean | Promise<boolean>;
  /** Accepts records synchronously, because the process ends. Also finishes large batches that are not accepted completely. */
  acceptNow(records: readonly ReadableLogRecord[], source?: RecordSource): void;
  /** Returns everything pending as one message for each destination, for a process that ends. */
  lastWords(): readonly LastWord[];
  /** The results of the last words, in their order: counts the records of confirmed ones as delivered. */
  lastWordsEnded(results: readonly LastWordResult[]): void;
  /** The process ends now. Saves everything pending for the next process, or without a spool drops it with a warning. */
  leave(): void;
  /** Drops all further records and counts them. */
  refuse(): void;
  /** Returns the resource of the last accepted record. */
  lastResource(): ReadableResource | undefined;
  /** Until the returned function is called, pending problems share a message where possible. */
  expedite(): () => void;
  /**
   * Waits until everything due is delivered, at most until the deadline (monotonic milliseconds). Returns whether it is.
   * Never rejects.
   */
  flush(deadlineMillis: number): Promise<boolean>;
  /** Reports records in the channel that were dropped before they reached the exporter. */
  reportLost(records: number): void;
  /** Delivers what it can until the deadline and closes. Never rejects. */
  close(options: CloseOptions): Promise<void>;
  stats(): SlackExporterStats;
}

/** Options of {@link Pipeline.close}. */
export interface CloseOptions {
  readonly deadlineMillis: number;
  /** Waits until no batch has come for this long, because the SDK's processor continues to export during its own shutdown. */
  readonly graceMillis: number;
}
