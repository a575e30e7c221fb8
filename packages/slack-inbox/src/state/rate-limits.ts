import type { Clock } from '../model/index.js';

/** So many calls in any window of that length. */
interface Rate {
  readonly count: number;
  readonly windowMillis: number;
}

/**
 * Posting, for a channel: docs.slack.dev/apis/web-api/rate-limits. Slack lets short bursts through and does not say how
 * short; the inbox lets none.
 */
export const POST_RATE: Rate = { count: 1, windowMillis: 1_000 };

const TIER_3: Rate = { count: 50, windowMillis: 60_000 };

/** Rates of Web API methods, for a token. Methods that are not here have none worth testing against. */
export const METHOD_RATES: Readonly<Record<string, Rate>> = {
  'chat.update': TIER_3,
  'chat.delete': TIER_3,
  'conversations.history': TIER_3,
  'conversations.replies': TIER_3,
  'reactions.get': TIER_3,
};

/** A poster that waits a full second by its own clock must not fail on the rounding of two clocks. */
const TOLERANCE_MILLIS = 5;

/** Who called when. A call that is refused does not push the window further. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock, enabled: boolean) {
    this.#clock = clock;
    this.#enabled = enabled;
  }

  /** Whole seconds until `scope` may call again, rounded up; 0 when it may now. */
  retryAfterSeconds(scope: string, rate: Rate): number {
    if (!this.#enabled) return 0;
    const calls = this.#recent(scope, rate);
    const oldest = calls[calls.length - rate.count];
    if (oldest === undefined) return 0;
    return Math.ceil((oldest + rate.windowMillis - this.#clock.now()) / 1_000);
  }

  /** Counts a call that was let through. */
  take(scope: string, rate: Rate): void {
    this.#calls.set(scope, [...this.#recent(scope, rate), this.#clock.now()]);
  }

  clear(): void {
    this.#calls.clear();
  }

  #recent(scope: string, rate: Rate): number[] {
    const now = this.#clock.now();
    const calls = this.#calls.get(scope) ?? [];
    // A call in the future means that the clock was set back: it must not block for longer than a window.
    return calls.filter((at) => at <= now && at + rate.windowMillis - TOLERANCE_MILLIS > now);
  }
}
