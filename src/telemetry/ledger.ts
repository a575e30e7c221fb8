import type { Callback } from './diagnostics.js';

/** The reasons why a record is dropped, which means that it will never be shown. A closed list. */
export const DROP_REASONS = [
  // More than `maxQueueSize` records were in flight.
  'queue_full',
  // The record cannot be read, or Slack refused its message even as plain text.
  'rejected',
  // The record could not be shown for a day, or was too old in the spool.
  'expired',
  // The process ended first.
  'shutdown',
  // Somebody silenced the problem.
  'silenced',
  // The entry in the spool cannot be read.
  'spool_damaged',
  // Slack did not answer before the process ended, and may show the record.
  'unconfirmed',
] as const;

/** See {@link DROP_REASONS}. */
export type DropReason = (typeof DROP_REASONS)[number];

/** Counts of records by their state, and of requests. */
export interface Counts {
  /** Records that a destination accepted. A record counts once for each such destination. */
  readonly accepted: number;
  /** Records that are included in a message which Slack confirmed. */
  readonly delivered: number;
  /** Records that are accepted and not yet shown: they wait, or their request is not answered yet. */
  readonly pending: number;
  /** Records that will never be shown, by reason. A reason that did not occur is absent. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Requests to Slack. */
  readonly requests: number;
  /** Requests that Slack rejected because of a rate limit. */
  readonly throttled: number;
}

/**
 * The counts of an exporter since it was created. `accepted` is always `delivered` + `pending` + the sum of `dropped`.
 */
export interface SlackExporterStats extends Counts {
  /** The counts of each destination, by a name that holds no secret. */
  readonly destinations: Readonly<Record<string, Counts>>;
  /**
   * How often your `filter`, `fingerprint`, `render` or a pattern of `redact` threw or returned an unusable value. The
   * default behaviour applied instead. A callback that never failed is absent; the field is absent while none has
   * failed.
   */
  readonly callbackErrors?: Readonly<Partial<Record<Callback, number>>>;
}

/** Counts the records and requests of one destination. */
export class Ledger {
  readonly #sums = { accepted: 0, delivered: 0, requests: 0, throttled: 0 };
  readonly #dropped: Partial<Record<DropReason, number>> = {};

  accept(records: number): void {
    this.#sums.accepted += records;
  }

  /** Another process owns these accepted records now and counts them. */
  releaseToOwner(records: number): void {
    this.#sums.accepted -= records;
  }

  deliver(records: number): void {
    this.#sums.delivered += records;
  }

  drop(records: number, reason: DropReason): void {
    if (records > 0) this.#dropped[reason] = (this.#dropped[reason] ?? 0) + records;
  }

  request(): void {
    this.#sums.requests++;
  }

  throttle(): void {
    this.#sums.throttled++;
  }

  counts(pending: number): Counts {
    return { ...this.#sums, pending, dropped: { ...this.#dropped } };
  }
}

/** All counts at zero. */
export const NO_COUNTS: Counts = { accepted: 0, delivered: 0, pending: 0, dropped: {}, requests: 0, throttled: 0 };

/** Returns the sum of two counts. */
export function addCounts(a: Counts, b: Counts): Counts {
  const dropped: Partial<Record<DropReason, number>> = {};
  for (const reason of DROP_REASONS) {
    const sum = (a.dropped[reason] ?? 0) + (b.dropped[reason] ?? 0);
    if (sum > 0) dropped[reason] = sum;
  }
  return {
    accepted: a.accepted + b.accepted,
    delivered: a.delivered + b.delivered,
    pending: a.pending + b.pending,
    dropped,
    requests: a.requests + b.requests,
    throttled: a.throttled + b.throttled,
  };
}
