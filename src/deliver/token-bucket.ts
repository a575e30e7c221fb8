/**
 * Limits requests per minute. Half of them may be sent at once. The others are spread over the rest of the minute, so that
 * the next request is never far. Times are monotonic milliseconds.
 */
export class TokenBucket {
  readonly #maxPerMinute: number;
  #spentAtMillis: number[] = [];
  #allowed: number;
  #allowedAtMillis = Number.NEGATIVE_INFINITY;

  /** @param maxPerMinute - requests per minute, as long as Slack answers no 429 */
  constructor(maxPerMinute: number) {
    this.#maxPerMinute = maxPerMinute;
    this.#allowed = maxPerMinute;
  }

  /** Returns when the next request may be sent. */
  readyAtMillis(nowMillis: number): number {
    const allowed = this.allowed(nowMillis);
    const sent = this.#spentAtMillis.filter((atMillis) => atMillis + MINUTE_MILLIS > nowMillis).length;
    if (sent < Math.ceil(allowed / 2)) return Number.NEGATIVE_INFINITY;
    const left = allowed - sent;
    if (left <= 0) return this.#lastMillis(allowed) + MINUTE_MILLIS;
    const lastMillis = this.#lastMillis(1);
    const freeAtMillis = this.#lastMillis(sent) + MINUTE_MILLIS;
    return lastMillis + (freeAtMillis - lastMillis) / (left + 1);
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
    this.#allowed = Math.max(1, Math.floor(this.allowed(nowMillis) / 2));
    this.#allowedAtMillis = nowMillis;
    // Otherwise the requests of the last minute would use up the halved allowance, and none would follow for half a minute.
    this.#spentAtMillis = this.#spentAtMillis.filter((_, at) => (this.#spentAtMillis.length - at) % 2 === 1);
  }

  /** Returns the requests per minute that are allowed now. */
  allowed(nowMillis: number): number {
    const grownBy = Math.floor((nowMillis - this.#allowedAtMillis) / MINUTE_MILLIS);
    return Math.min(this.#maxPerMinute, this.#allowed + Math.max(0, grownBy));
  }
}

const MINUTE_MILLIS = 60_000;
