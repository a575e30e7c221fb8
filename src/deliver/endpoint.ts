import { type Destination, knownError, type Outcome, type SlackRequest } from '../slack/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { type Clock, counted } from '../util/index.js';
import { backoffMillis } from './backoff.js';
import type { RateLimiter } from './rate-limiter.js';

/** Options of an {@link Endpoint}. */
export interface EndpointParts {
  /** Names the endpoint for people, and identifies it in posted messages; holds no secret. */
  readonly label: string;
  /** Posted messages can be updated and have threads: true for a channel, false for a webhook. */
  readonly canUpdate: boolean;
  readonly destination: Destination;
  readonly rateLimiter: RateLimiter;
  /** Sends a request to Slack. */
  readonly ask: (request: SlackRequest, signal: AbortSignal) => Promise<Outcome>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly diagnostics: Diagnostics;
}

/** From this duration on, a wait that Slack demands is logged. */
const LONG_WAIT_MILLIS = 60_000;
/** How often a blocked endpoint is tried. */
const PROBE_INTERVAL_MILLIS = 60_000;

/** A redirect or a bare HTTP status may come from a proxy, so the text does not name Slack as its source. */
function remedyFor(reason: string, label: string): string {
  const remedy = knownError(reason)?.remedy?.replaceAll('{channel}', label);
  if (reason === 'redirected') return `the answer is a redirect: ${remedy}`;
  if (/^http_\d+$/.test(reason)) return `the answer is ${reason}: check the URL, and whether it leads to Slack at all`;
  return `Slack says ${reason}: ${remedy ?? 'look it up in https://docs.slack.dev'}`;
}

/** An endpoint (a channel or a webhook) and its health: ok, backing off, or blocked until a person fixes the cause. */
export class Endpoint {
  readonly label: string;
  readonly canUpdate: boolean;
  readonly destination: Destination;
  readonly rateLimiter: RateLimiter;
  readonly ask: EndpointParts['ask'];
  readonly #parts: EndpointParts;
  #failures = 0;
  #notBeforeMillis = Number.NEGATIVE_INFINITY;
  #isBlocked = false;
  /** True until an answer of Slack lists the scopes of the token. */
  #hasReactionsScope = true;
  #areReactionsRefused = false;
  readonly #blockWarnings = new Set<string>();

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    this.label = parts.label;
    this.canUpdate = parts.canUpdate;
    this.destination = parts.destination;
    this.rateLimiter = parts.rateLimiter;
    this.ask = parts.ask;
  }

  /** Monotonic time before which no request is sent. */
  get notBeforeMillis(): number {
    return this.#notBeforeMillis;
  }

  /** Slack rejects the endpoint for a reason that a person must fix. It is tried once a minute. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Whether reactions can be read, as far as is known. */
  get canReadReactions(): boolean {
    return this.canUpdate && this.#hasReactionsScope && !this.#areReactionsRefused;
  }

  /** A request succeeded: ends the backoff and the block. */
  succeeded(scopes: readonly string[] | undefined): void {
    this.#failures = 0;
    this.#notBeforeMillis = Number.NEGATIVE_INFINITY;
    this.#isBlocked = false;
    if (scopes !== undefined) this.#hasReactionsScope = scopes.includes('reactions:read');
    for (const kind of ['backoff', 'limited', ...this.#blockWarnings])
      this.#parts.diagnostics.resolved(`${kind} ${this.label}`);
  }

  /** Slack refused to return reactions. They are not read again. */
  refuseReactions(): void {
    this.#areReactionsRefused = true;
  }

  /**
   * A request failed for a reason that may pass: the next wait is longer than the last.
   * @param pending - the pending records, in words
   */
  backOff(reason: string, pending: string): void {
    const { clock, random, label } = this.#parts;
    this.#failures++;
    this.#notBeforeMillis = clock.monotonic() + backoffMillis(this.#failures, random);
    this.#warn('backoff', `${label}: no good answer from Slack (${reason}). Trying again; waiting: ${pending}`);
  }

  /** Slack answered 429. Logs a wait of a minute or longer; the rate limiter enforces it. */
  rateLimited(millis: number): void {
    if (millis < LONG_WAIT_MILLIS) return;
    const seconds = counted(Math.ceil(millis / 1_000));
    this.#warn('limited', `${this.label}: Slack asks to wait for ${seconds} s; until then records wait, at most a day`);
  }

  /**
   * Blocks the endpoint until a person fixes the cause. No record is dropped: the fallback takes them, or they stay pending.
   * @param fallback - the label of the endpoint that takes over; undefined when there is none
   */
  block(reason: string, fallback: string | undefined): void {
    const { clock, label } = this.#parts;
    this.#isBlocked = true;
    this.#notBeforeMillis = clock.monotonic() + PROBE_INTERVAL_MILLIS;
    const meanwhile = fallback === undefined ? 'records wait, at most a day' : `records go to ${fallback}`;
    // Each reason is logged once, because fixing one cause may reveal another.
    const kind = `block ${reason}`;
    this.#blockWarnings.add(kind);
    this.#warn(kind, `${label}: ${remedyFor(reason, label)}. Until then ${meanwhile}`);
  }

  #warn(kind: string, message: string): void {
    this.#parts.diagnostics.warn(`${kind} ${this.label}`, message);
  }
}
