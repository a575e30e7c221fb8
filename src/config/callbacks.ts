import type { ReadableLogRecord, Sample } from '../record/index.js';
import type { SlackMessage } from '../slack/index.js';

/** Returns whether a record goes to Slack. Runs synchronously in the app's call of the logger, so it must be fast. */
export type RecordFilter = (record: ReadableLogRecord) => boolean;

/**
 * Returns the fingerprint of a record. Records with equal fingerprints are one group. `standard` is the built-in
 * fingerprint, to extend or to return unchanged. Every process must return the same fingerprint for the same problem.
 */
export type RecordFingerprint = (record: ReadableLogRecord, standard: string) => string;

/** A group as `render` sees it. */
export interface RenderGroup {
  /**
   * - `problem`: the records of one fingerprint.
   * - `rest`: the records of all problems beyond the 1,000 that have a group of their own.
   * - `loss`: records that were dropped before they reached the exporter.
   */
  readonly kind: 'problem' | 'rest' | 'loss';
  /** The id that the group's messages show. It changes each time the problem comes back after it was over. */
  readonly id: string;
  /** The number of records since the problem first occurred, or since it came back. */
  readonly count: number;
  /** The first record of the group, redacted and cut to size. */
  readonly sample: Sample;
  /** When the first record was emitted, in milliseconds since 1970. */
  readonly firstSeenMillis: number;
  /** When the last record was emitted, in milliseconds since 1970. */
  readonly lastSeenMillis: number;
}

/** The totals of a message. A digest names only the worst of its problems and counts the others. */
export interface RenderTotals {
  readonly problems: number;
  readonly records: number;
}

/**
 * Returns a message of your own. Gets the groups that the message names (worst first), the built-in message, and the
 * totals. The texts of a group come from the app: escape them with `escapeMrkdwn` or `inlineCode`.
 */
export type MessageRenderer = (
  groups: readonly RenderGroup[],
  standard: SlackMessage,
  totals: RenderTotals,
) => SlackMessage;
