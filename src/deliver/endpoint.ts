import { knownError } from '../slack/errors.js';
import type { Destination, Outcome, SlackRequest } from '../slack/types.js';
import type { Diagnostics } from '../telemetry/diagnostics.js';
import type { Clock } from '../util/clock.js';
import { counted } from '../util/text.js';
import { backoffMillis } from './backoff.js';
import type { RateLimiter } from './rate-limiter.js';

/** What a place is made of. */
export interface EndpointParts {
  /** For people, and by what messages are known to stand there; holds no secret. */
  readonly label: string;
  /** Slack tells us where a message stands, and lets us change it. */
  readonly canUpdate: boolean;
  readonly destination: Destination;
  readonly rateLimiter: RateLimiter;
  readonly ask: (request: SlackRequest, signal: AbortSignal) => Promise<Outcome>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly diagnostics: Diagnostics;
}

/** A wait that a person should know of. */
const LONG_WAIT_MILLIS = 60_000;
/** How often a place that a person must mend is tried. */
const PROBE_INTERVAL_MILLIS = 60_000;

/** A redirect and a bare status come from whatever stands in the place of Slack, too. */
function remedyFor(reason: string, label: string): string {
  const remedy = knownError(reason)?.remedy?.replaceAll('{channel}', label);
  if (reason === 'redirected') return `the answer is a redirect: ${remedy}`;
  if (/^http_\d+$/.test(reason)) return `the answer is ${reason}: check the URL, and whether it leads to Slack at all`;
  return `Slack says ${reason}: ${remedy ?? 'look it up in https://docs.slack.dev'}`;
}

/** A channel or a webhook, and how it is with it: well, in trouble for a while, or waiting for a person. */
export class Endpoint {
  readonly label: string;
  readonly canUpdate: boolean;
  readonly destination: Destination;
  readonly rateLimiter: RateLimiter;
  readonly ask: EndpointParts['ask'];
  readonly #parts: EndpointParts;
  #failures = 0;
  #notBeforeMillis = Number.NEGATIVE_INFINITY;
  #isParked = false;
  /** Until an answer of Slack's says otherwise. */
  #maySeeReactions = true;
  #isLookRefused = false;
  readonly #parkKinds = new Set<string>();

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    this.label = parts.label;
    this.canUpdate = parts.canUpdate;
    this.destination = parts.destination;
    this.rateLimiter = parts.rateLimiter;
    this.ask = parts.ask;
  }

  /** Monotonic time before which it is not to be tried, whatever for. */
  get notBeforeMillis(): number {
    return this.#notBeforeMillis;
  }

  /** A person must mend it; it is tried now and then. */
  get isBlocked(): boolean {
    return this.#isParked;
  }

  /** Whether reactions can be looked at, as far as is known. */
  get canReadReactions(): boolean {
    return this.canUpdate && this.#maySeeReactions && !this.#isLookRefused;
  }

  /** Slack answered as it should. */
  succeeded(scopes: readonly string[] | undefined): void {
    this.#failures = 0;
    this.#notBeforeMillis = Number.NEGATIVE_INFINITY;
    this.#isParked = false;
    if (scopes !== undefined) this.#maySeeReactions = scopes.includes('reactions:read');
    for (const kind of ['retreat', 'limited', ...this.#parkKinds])
      this.#parts.diagnostics.resolved(`${kind} ${this.label}`);
  }

  /** Slack does not let the token look at reactions: it is not asked again. */
  refuseReactions(): void {
    this.#isLookRefused = true;
  }

  /** It did not work, whatever it was: wait longer than the last time. */
  backOff(reason: string, waiting: string): void {
    const { clock, random, label } = this.#parts;
    this.#failures++;
    this.#notBeforeMillis = clock.monotonic() + backoffMillis(this.#failures, random);
    this.#warn('retreat', `${label}: no good answer from Slack (${reason}). It is tried again; waiting: ${waiting}`);
  }

  /** Slack asks to come again later. */
  rateLimited(millis: number): void {
    if (millis < LONG_WAIT_MILLIS) return;
    const seconds = counted(Math.ceil(millis / 1_000));
    this.#warn('limited', `${this.label}: Slack asks to wait for ${seconds} s; until then records wait, at most a day`);
  }

  /** Nothing is dropped: it all goes out when a person has mended it, or to the fallback. */
  block(reason: string, fallback: string | undefined): void {
    const { clock, label } = this.#parts;
    this.#isParked = true;
    this.#notBeforeMillis = clock.monotonic() + PROBE_INTERVAL_MILLIS;
    const meanwhile = fallback === undefined ? 'records wait, at most a day' : `records go to ${fallback}`;
    // When a person has mended one thing and the next one shows, that is news.
    const kind = `park ${reason}`;
    this.#parkKinds.add(kind);
    this.#warn(kind, `${label}: ${remedyFor(reason, label)}. Until then ${meanwhile}`);
  }

  #warn(kind: string, message: string): void {
    this.#parts.diagnostics.warn(`${kind} ${this.label}`, message);
  }
}
