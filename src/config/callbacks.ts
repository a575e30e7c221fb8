import type { ReadableLogRecord } from '../record/otel.js';
import type { Sample } from '../record/sample.js';
import type { SlackMessage } from '../slack/types.js';

/** Decides whether a record goes to Slack. It runs in the app's own call of the logger: be quick. */
export type RecordFilter = (record: ReadableLogRecord) => boolean;

/**
 * Names the problem that a record is about: records with equal names are one group. It gets what we would say, to add to
 * it or to fall back on. It must be the same in every process.
 */
export type RecordFingerprint = (record: ReadableLogRecord, standard: string) => string;

/** A group as `render` sees it. */
export interface RenderGroup {
  /**
   * - `problem`: the records of one fingerprint.
   * - `rest`: the records of all problems beyond the 1,000 that are told apart.
   * - `loss`: records that were dropped before they reached the exporter.
   */
  readonly kind: 'problem' | 'rest' | 'loss';
  /** Stands in the group's messages. It changes each time the problem comes back after it was quiet. */
  readonly id: string;
  /** Records since the problem was new, or since it came back. */
  readonly count: number;
  /** The first record of the group, redacted and cut to size. */
  readonly sample: Sample;
  /** When the first record was emitted, in milliseconds since 1970. */
  readonly firstSeenMillis: number;
  /** When the last record was emitted, in milliseconds since 1970. */
  readonly lastSeenMillis: number;
}

/** What a message speaks of in all: a digest names only the worst of its problems and counts the others. */
export interface RenderTotals {
  readonly problems: number;
  readonly records: number;
}

/**
 * Makes a message of your own, from the groups that the message names (worst first), the message that we would send, and
 * the totals. Texts of a group are the app's: put them through `escapeMrkdwn` or `inlineCode`.
 */
export type MessageRenderer = (
  groups: readonly RenderGroup[],
  standard: SlackMessage,
  totals: RenderTotals,
) => SlackMessage;
