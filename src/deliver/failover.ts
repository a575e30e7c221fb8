import type { Notification } from '../groups/index.js';
import type { SlackRequest } from '../slack/index.js';
import type { Clock } from '../util/index.js';
import type { Endpoint } from './endpoint.js';

/** Options of a {@link Failover}. */
export interface FailoverParts {
  readonly endpoint: Endpoint;
  /** Takes over while the endpoint is blocked. */
  readonly fallback: Endpoint | undefined;
  readonly clock: Clock;
}

/** The endpoint of a destination, and the fallback that takes over while the endpoint is blocked. */
export class Failover {
  readonly #first: Endpoint;
  readonly #fallback: Endpoint | undefined;
  readonly #clock: Clock;

  constructor({ endpoint, fallback, clock }: FailoverParts) {
    this.#first = endpoint;
    this.#fallback = fallback;
    this.#clock = clock;
  }

  /** The endpoint for new messages: the fallback while the first is blocked, except when the first is due for a try. */
  get current(): Endpoint {
    return this.#isWaiting(this.#first) && this.#fallback !== undefined ? this.#fallback : this.#first;
  }

  /** Returns the endpoint with this label. */
  endpoint(label: string): Endpoint {
    return this.#fallback?.label === label ? this.#fallback : this.#first;
  }

  /** The labels of blocked endpoints that are not due for a try. */
  blocked(): ReadonlySet<string> {
    const endpoints = this.#fallback === undefined ? [this.#first] : [this.#first, this.#fallback];
    return new Set(endpoints.filter((endpoint) => this.#isWaiting(endpoint)).map(({ label }) => label));
  }

  /** Returns the label of the endpoint that takes over when this one is blocked. */
  fallbackOf(endpoint: Endpoint): string | undefined {
    return endpoint === this.#fallback ? undefined : this.#fallback?.label;
  }

  /** Returns when the endpoint takes such a request, in monotonic milliseconds; infinity when it never does. */
  readyAtMillis(act: SlackRequest['act'], endpoint: Endpoint): number {
    if (act === 'reactions' && !endpoint.canReadReactions) return Number.POSITIVE_INFINITY;
    const notBeforeMillis = endpoint.notBeforeMillis(act === 'update' ? 'update' : 'post');
    const readyAtMillis = Math.max(endpoint.rateLimiter.readyAtMillis(act), notBeforeMillis);
    // The first endpoint may be due for a try before the fallback is ready.
    return endpoint === this.#first || act !== 'post'
      ? readyAtMillis
      : Math.min(readyAtMillis, this.#first.notBeforeMillis('post'));
  }

  /** Adds the intended endpoint to a notification that goes to the fallback, because readers do not expect it there. */
  withIntendedEndpoint(notification: Notification, endpoint: Endpoint): Notification {
    if (endpoint === this.#first || notification.act === 'reply') return notification;
    return { ...notification, intendedFor: this.#first.label };
  }

  #isWaiting(endpoint: Endpoint): boolean {
    return endpoint.isBlocked && endpoint.notBeforeMillis('post') > this.#clock.monotonic();
  }
}
