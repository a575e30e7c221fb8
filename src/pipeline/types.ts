import type { Selector } from '../gate/filter.js';
import type { ReadableLogRecord, ReadableResource } from '../record/otel.js';
import type { LastWord } from '../slack/types.js';
import type { SlackExporterStats } from '../telemetry/ledger.js';
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
   * Accepts records; false when the pipeline is closed. A promise when a large batch lets the app have its turn in
   * between, or when the records are saved to the spool first. Never throws, never rejects.
   */
  accept(records: readonly ReadableLogRecord[], source?: RecordSource): boolean | Promise<boolean>;
  /** Accepts records in one go, and finishes batches that wait for their turn: the process ends. */
  acceptNow(records: readonly ReadableLogRecord[], source?: RecordSource): void;
  /** Everything pending, one message for each destination, for a process that ends. */
  lastWords(): readonly LastWord[];
  /** Slack has confirmed the last words. */
  lastWordsSent(): void;
  /** The process ends now: with a spool, leaves everything pending to the next one. */
  leaveToNextProcess(): void;
  /** The resource of the last accepted record. */
  lastResource(): ReadableResource | undefined;
  /** Until the returned function is called, pending problems share a message where possible. */
  expedite(): () => void;
  /** Waits until what is due is delivered, at most until the deadline (monotonic milliseconds). Returns whether it is. Never rejects. */
  flush(deadlineMillis: number): Promise<boolean>;
  /** Reports records in the channel that were dropped before they came here. */
  reportLost(records: number): void;
  /** Delivers what it can until the deadline and ends. Never rejects. */
  close(options: CloseOptions): Promise<void>;
  stats(): SlackExporterStats;
}

/** Options of {@link Pipeline.close}. */
export interface CloseOptions {
  readonly deadlineMillis: number;
  /** Waits until no batch has come for this long: the SDK's processor goes on exporting during its own shutdown. */
  readonly graceMillis: number;
}
