import type { Clock } from '../model/index.js';

/** At most `count` calls in any window of `windowMillis`. */
interface Rate {
  readonly count: number;
  readonly windowMillis: number;
}

/**
 * The rate of posting, for each channel: docs.slack.dev/apis/web-api/rate-limits. Slack allows short bursts without
 * documenting their length. The inbox allows none.
 */
export const POST_RATE: Rate = { count: 1, windowMillis: 1_000 };

const TIER_3: Rate = { count: 50, windowMillis: 60_000 };

/** The rates of Web API methods, for each token. The inbox does not limit the other methods. */
export const METHOD_RATES: Readonly<Record<string, Rate>> = {
  'chat.update': TIER_3,
  'chat.delete': TIER_3,
  'conversations.history': TIER_3,
  'conversations.replies': TIER_3,
  'reactions.get': TIER_3,
};

/** Slack's client may wait a full second by its own clock. The rounding of the two clocks must not cause a 429. */
const TOLERANCE_MILLIS = 5;

/** The times of the calls that were accepted, for each scope. A refused call does not extend the window. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock, enabled: boolean) {
    this.#clock = clock;
    this.#enabled = enabled;
  }

  /** Returns the seconds until `scope` may call again, rounded up; 0 when it may call now. */
  retryAfterSeconds(scope: string, rate: Rate): number {
    if (!this.#enabled) return 0;
    const calls = this.#recent(scope, rate);
    const oldest = calls[calls.length - rate.count];
    if (oldest === undefined) return 0;
    return Math.ceil((oldest + rate.windowMillis - this.#clock.now()) / 1_000);
  }

  /** Counts an accepted call. */
  take(scope: string, rate: Rate): void {
    this.#calls.set(scope, [...this.#recent(scope, rate), this.#clock.now()]);
  }

  clear(): void {
    this.#calls.clear();
  }

  #recent(scope: string, rate: Rate): number[] {
    const now = this.#clock.now();
    const calls = this.#calls.get(scope) ?? [];
    // A call in the future means that the clock was set back. Ignored, because it could block for longer than a window.
    return calls.filter((at) => at <= now && at + rate.windowMillis - TOLERANCE_MILLIS > now);
  }
}
