import type { Callback } from './diagnostics.js';

/** Why a record will never be shown. A closed list. */
export const DROP_REASONS = [
  'queue_full',
  'rejected',
  'expired',
  'shutdown',
  'silenced',
  'spool_damaged',
  'unconfirmed',
] as const;

/** See {@link DROP_REASONS}. */
export type DropReason = (typeof DROP_REASONS)[number];

/** Records by what became of them; requests by what was asked of Slack. */
export interface Counts {
  /** Records that a destination wanted, once for each such destination. */
  readonly accepted: number;
  /** Records that a message which Slack confirmed includes. */
  readonly delivered: number;
  /** Records that wait, or are in a request that is not answered yet. */
  readonly pending: number;
  /** Records that will never be shown, by reason. Reasons that did not occur are left out. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Requests made. */
  readonly requests: number;
  /** Requests that Slack answered with "later". */
  readonly throttled: number;
}

/** What the exporter did so far. `accepted` is always `delivered` + `pending` + all of `dropped`. */
export interface SlackExporterStats extends Counts {
  /** The same for each destination, under a name that holds no secret. */
  readonly destinations: Readonly<Record<string, Counts>>;
  /**
   * How often your `filter`, `fingerprint`, `render` and the patterns of `redact` threw or gave what cannot be used; the
   * standard held instead. What never failed is left out, and all of it while nothing did.
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

/** The counts of nothing. */
export const NO_COUNTS: Counts = { accepted: 0, delivered: 0, pending: 0, dropped: {}, requests: 0, throttled: 0 };

/** Two counts as one. */
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
