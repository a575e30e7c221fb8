/**
 * So many requests a minute and no more. Half of them may come at once, the others keep a distance, so that a burst
 * does not leave the rest of the minute without any. Time is monotonic milliseconds.
 */
export class TokenBucket {
  readonly #most: number;
  readonly #spentAtMillis: number[] = [];
  #allowed: number;
  #allowedAtMillis = Number.NEGATIVE_INFINITY;

  /** @param most - requests a minute, while nobody complains */
  constructor(most: number) {
    this.#most = most;
    this.#allowed = most;
  }

  /** When the next one may be made. */
  readyAtMillis(nowMillis: number): number {
    const allowed = this.#allowedNow(nowMillis);
    const half = Math.ceil(allowed / 2);
    const isBurstSpent = this.#lastMillis(half) + MINUTE_MILLIS > nowMillis;
    const spacedMillis = isBurstSpent ? this.#lastMillis(1) + MINUTE_MILLIS / allowed : Number.NEGATIVE_INFINITY;
    return Math.max(spacedMillis, this.#lastMillis(allowed) + MINUTE_MILLIS);
  }

  /** When the one before so many was made. */
  #lastMillis(back: number): number {
    return this.#spentAtMillis[this.#spentAtMillis.length - back] ?? Number.NEGATIVE_INFINITY;
  }

  spend(nowMillis: number): void {
    this.#spentAtMillis.push(nowMillis);
    if (this.#spentAtMillis.length > this.#most) this.#spentAtMillis.shift();
  }

  /** Slack says that it is too much: others share the limit. What is allowed grows again by one a minute. */
  halve(nowMillis: number): void {
    this.#allowed = Math.max(1, Math.floor(this.#allowedNow(nowMillis) / 2));
    this.#allowedAtMillis = nowMillis;
  }

  #allowedNow(nowMillis: number): number {
    const grownBy = Math.floor((nowMillis - this.#allowedAtMillis) / MINUTE_MILLIS);
    return Math.min(this.#most, this.#allowed + Math.max(0, grownBy));
  }
}

const MINUTE_MILLIS = 60_000;
