/**
 * How often something happens: records a minute, from two counters and not from a list of times. Time is monotonic
 * milliseconds.
 */
export class Rate {
  /** Number of the minute that `#current` counts. */
  #minute = Number.NaN;
  #current = 0;
  #previous = 0;
  /** The minute in which it began was not a whole one: nothing is learnt from it. */
  #isFirstMinute = true;
  /** Records a minute over the last minutes; unknown until one whole minute has passed. */
  #usual: number | undefined;

  add(nowMillis: number, records: number): void {
    this.#turnTo(nowMillis);
    this.#current += records;
  }

  /** Records in the minute that ends now; of the part that lies in the previous minute its share is taken. */
  perMinute(nowMillis: number): number {
    const gap = this.#gap(nowMillis);
    const share = 1 - (nowMillis % MINUTE_MILLIS) / MINUTE_MILLIS;
    if (gap === 0) return this.#current + this.#previous * share;
    return gap === 1 ? this.#current * share : 0;
  }

  /** Whether it is ten times what it used to be. Less than one a minute counts as one. */
  hasGrownTenfold(nowMillis: number): boolean {
    if (this.#gap(nowMillis) !== 0 || this.#usual === undefined) return false;
    return this.perMinute(nowMillis) >= TENFOLD * this.#usual;
  }

  /** What it is now is what it will be compared with. */
  rebase(nowMillis: number): void {
    this.#turnTo(nowMillis);
    this.#usual = Math.max(1, this.perMinute(nowMillis));
  }

  #gap(nowMillis: number): number {
    return Math.floor(nowMillis / MINUTE_MILLIS) - this.#minute;
  }

  #turnTo(nowMillis: number): void {
    const minute = Math.floor(nowMillis / MINUTE_MILLIS);
    if (minute === this.#minute) return;
    const gap = minute - this.#minute;
    if (Number.isNaN(gap)) {
      this.#minute = minute;
      return;
    }
    if (!this.#isFirstMinute) this.#learn(this.#current, 1);
    if (gap > 1) this.#learn(0, gap - 1);
    this.#isFirstMinute = false;
    this.#previous = gap === 1 ? this.#current : 0;
    this.#current = 0;
    this.#minute = minute;
  }

  /** So many minutes of so many records. */
  #learn(records: number, minutes: number): void {
    const usual = this.#usual ?? records;
    this.#usual = Math.max(1, records + (usual - records) * (1 - LEARNING) ** minutes);
  }
}

const MINUTE_MILLIS = 60_000;
const TENFOLD = 10;
/** How much the last minute weighs in what is usual: about ten minutes are remembered. */
const LEARNING = 0.1;
