import type { Notification } from '../groups/notification.js';
import type { SlackRequest } from '../slack/types.js';
import type { Clock } from '../util/clock.js';
import type { Endpoint } from './endpoint.js';

/** What {@link Failover} are made of. */
export interface FailoverParts {
  readonly endpoint: Endpoint;
  /** Takes over while the endpoint is parked. */
  readonly fallback: Endpoint | undefined;
  readonly clock: Clock;
}

/** The endpoint of a destination, and the one that takes over while it is parked. */
export class Failover {
  readonly #first: Endpoint;
  readonly #fallback: Endpoint | undefined;
  readonly #clock: Clock;

  constructor({ endpoint, fallback, clock }: FailoverParts) {
    this.#first = endpoint;
    this.#fallback = fallback;
    this.#clock = clock;
  }

  /** Where messages are posted now: the fallback takes over while the endpoint is parked, but for a try now and then. */
  get current(): Endpoint {
    return this.#isWaiting(this.#first) && this.#fallback !== undefined ? this.#fallback : this.#first;
  }

  endpoint(label: string): Endpoint {
    return this.#fallback?.label === label ? this.#fallback : this.#first;
  }

  /** The names of those that wait for a person, until they are tried again. */
  blocked(): ReadonlySet<string> {
    const failover = this.#fallback === undefined ? [this.#first] : [this.#first, this.#fallback];
    return new Set(failover.filter((endpoint) => this.#isWaiting(endpoint)).map(({ label }) => label));
  }

  /** The name of the endpoint that takes over when this one is parked. */
  fallbackOf(endpoint: Endpoint): string | undefined {
    return endpoint === this.#fallback ? undefined : this.#fallback?.label;
  }

  /** From when on (monotonic milliseconds) that can be asked there. */
  readyAtMillis(act: SlackRequest['act'], endpoint: Endpoint): number {
    if (act === 'reactions' && !endpoint.canReadReactions) return Number.POSITIVE_INFINITY;
    const readyAtMillis = Math.max(endpoint.rateLimiter.readyAtMillis(act), endpoint.notBeforeMillis);
    // However long the fallback has to wait: the endpoint itself is tried before.
    return endpoint === this.#first || act !== 'post'
      ? readyAtMillis
      : Math.min(readyAtMillis, this.#first.notBeforeMillis);
  }

  /** In a channel where nobody would look for it, a message says for which one it was meant. */
  withIntendedEndpoint(notification: Notification, endpoint: Endpoint): Notification {
    if (endpoint === this.#first || notification.act === 'reply') return notification;
    return { ...notification, intendedFor: this.#first.label };
  }

  #isWaiting({ isBlocked, notBeforeMillis }: Endpoint): boolean {
    return isBlocked && notBeforeMillis > this.#clock.monotonic();
  }
}
