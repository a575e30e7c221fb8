/**
 * Limits requests per minute. Half of them may be sent at once. The others are spaced evenly, so that requests are
 * possible in the whole minute after a burst. Times are monotonic milliseconds.
 */
export class TokenBucket {
  readonly #maxPerMinute: number;
  readonly #spentAtMillis: number[] = [];
  #allowed: number;
  #allowedAtMillis = Number.NEGATIVE_INFINITY;

  /** @param maxPerMinute - requests per minute, as long as Slack answers no 429 */
  constructor(maxPerMinute: number) {
    this.#maxPerMinute = maxPerMinute;
    this.#allowed = maxPerMinute;
  }

  /** Returns when the next request may be sent. */
  readyAtMillis(nowMillis: number): number {
    const allowed = this.#allowedNow(nowMillis);
    const half = Math.ceil(allowed / 2);
    const isBurstSpent = this.#lastMillis(half) + MINUTE_MILLIS > nowMillis;
    const spacedMillis = isBurstSpent ? this.#lastMillis(1) + MINUTE_MILLIS / allowed : Number.NEGATIVE_INFINITY;
    return Math.max(spacedMillis, this.#lastMillis(allowed) + MINUTE_MILLIS);
  }

  /** Returns when the request `back` places from the end was sent; 1 is the last. */
  #lastMillis(back: number): number {
    return this.#spentAtMillis[this.#spentAtMillis.length - back] ?? Number.NEGATIVE_INFINITY;
  }

  spend(nowMillis: number): void {
    this.#spentAtMillis.push(nowMillis);
    if (this.#spentAtMillis.length > this.#maxPerMinute) this.#spentAtMillis.shift();
  }

  /** Halves the allowed requests after a 429, because other processes share Slack's limit. They grow again by one a minute. */
  halve(nowMillis: number): void {
    this.#allowed = Math.max(1, Math.floor(this.#allowedNow(nowMillis) / 2));
    this.#allowedAtMillis = nowMillis;
  }

  #allowedNow(nowMillis: number): number {
    const grownBy = Math.floor((nowMillis - this.#allowedAtMillis) / MINUTE_MILLIS);
    return Math.min(this.#maxPerMinute, this.#allowed + Math.max(0, grownBy));
  }
}

const MINUTE_MILLIS = 60_000;
