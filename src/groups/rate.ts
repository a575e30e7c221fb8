/**
 * The rate of a group in records per minute. It needs two counters and no list of times. Times are monotonic milliseconds.
 */
export class Rate {
  /** Number of the minute that `#current` counts. */
  #minute = Number.NaN;
  #current = 0;
  #previous = 0;
  /** The first minute is incomplete, so it does not count for `#average`. */
  #isFirstMinute = true;
  /** The moving average of records per minute; undefined until one complete minute has passed. */
  #average: number | undefined;

  add(nowMillis: number, records: number): void {
    this.#advanceTo(nowMillis);
    this.#current += records;
  }

  /** Returns the records of the last 60 s. The part in the previous calendar minute is estimated from its total. */
  perMinute(nowMillis: number): number {
    const gap = this.#gap(nowMillis);
    const share = 1 - (nowMillis % MINUTE_MILLIS) / MINUTE_MILLIS;
    if (gap === 0) return this.#current + this.#previous * share;
    return gap === 1 ? this.#current * share : 0;
  }

  /** Whether the rate is at least ten times its average. An average below one a minute counts as one. */
  hasGrownTenfold(nowMillis: number): boolean {
    if (this.#gap(nowMillis) !== 0 || this.#average === undefined) return false;
    return this.perMinute(nowMillis) >= TENFOLD * this.#average;
  }

  /** Makes the current rate the new average, after an escalation was reported. */
  rebase(nowMillis: number): void {
    this.#advanceTo(nowMillis);
    this.#average = Math.max(1, this.perMinute(nowMillis));
  }

  #gap(nowMillis: number): number {
    return Math.floor(nowMillis / MINUTE_MILLIS) - this.#minute;
  }

  #advanceTo(nowMillis: number): void {
    const minute = Math.floor(nowMillis / MINUTE_MILLIS);
    if (minute === this.#minute) return;
    const gap = minute - this.#minute;
    if (Number.isNaN(gap)) {
      this.#minute = minute;
      return;
    }
    if (!this.#isFirstMinute) this.#addMinutes(this.#current, 1);
    if (gap > 1) this.#addMinutes(0, gap - 1);
    this.#isFirstMinute = false;
    this.#previous = gap === 1 ? this.#current : 0;
    this.#current = 0;
    this.#minute = minute;
  }

  /** Adds complete minutes with this number of records each to the average. */
  #addMinutes(records: number, minutes: number): void {
    const average = this.#average ?? records;
    this.#average = Math.max(1, records + (average - records) * (1 - MINUTE_WEIGHT) ** minutes);
  }
}

const MINUTE_MILLIS = 60_000;
const TENFOLD = 10;
/** The weight of one minute in the average, which covers about the last ten minutes. */
const MINUTE_WEIGHT = 0.1;
