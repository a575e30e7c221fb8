import { type Destination, knownError, type Outcome, type SlackRequest } from '../slack/index.js';
import type { Diagnostics } from '../telemetry/index.js';
import { type Clock, counted } from '../util/index.js';
import { backoffMillis } from './backoff.js';
import type { EndpointState } from './endpoint-states.js';
import { Health } from './health.js';
import type { Action, RateLimiter } from './rate-limiter.js';

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
/** After so long and so many requests without a failure, the next one is logged again at once. */
const RECOVERED_AFTER_MILLIS = 50_000;
const RECOVERED_AFTER_REQUESTS = 3;

/** From this number of different messages that failed in a row on, the endpoint was the cause, and not each of them. */
const OUTAGE_MESSAGES = 5;
/** So many messages that failed and then passed make the endpoint unsteady. */
const UNSTEADY_MESSAGES = 2;
/** The time in which these messages passed. */
const UNSTEADY_MILLIS = 600_000;

/** What a rate limit holds up, by the kind of the limited request. */
const LIMITED: Readonly<Record<Action, string>> = {
  post: 'until then records wait, at most a day',
  update: 'until then posted messages are not updated; new messages are posted',
  reactions: 'until then reactions are not read; messages are posted and updated',
};

/** A redirect or a bare HTTP status may come from a proxy, so the text does not name Slack as its source. */
function remedyFor(reason: string, label: string): string {
  const remedy = knownError(reason)?.remedy?.replaceAll('{channel}', label);
  if (reason === 'redirected') return `the answer is a redirect: ${remedy}`;
  if (/^http_\d+$/.test(reason)) return `the answer is ${reason}: check the URL, and whether it leads to Slack at all`;
  return `Slack says ${reason}: ${remedy ?? 'look it up in https://docs.slack.dev'}`;
}

/** A kind of request with a health of its own. Replies are posts. */
export type HealthOf = 'post' | 'update';

/**
 * An endpoint (a channel or a webhook) and its health: ok, doubtful, backing off, or blocked until a person fixes the
 * cause. Posts and updates have a health each, because a trouble of updates must not delay posts.
 */
export class Endpoint {
  readonly label: string;
  readonly canUpdate: boolean;
  readonly destination: Destination;
  readonly rateLimiter: RateLimiter;
  readonly ask: EndpointParts['ask'];
  readonly #parts: EndpointParts;
  readonly #health: Readonly<Record<HealthOf, Health>>;
  /** True until an answer of Slack lists the scopes of the token. */
  #hasReactionsScope = true;
  #areReactionsRefused = false;
  /** The last failure was one of all kinds of requests. */
  #isWholeFailing = false;
  readonly #blockWarnings = new Set<string>();
  /** When the last messages passed that had failed. */
  #unsteadyAtMillis: readonly number[] = [];
  /** When the first request after the last failure passed; infinity when none did. */
  #healthySinceMillis = Number.POSITIVE_INFINITY;
  /** The requests that passed since the last failure. */
  #passedRequests = 0;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    this.label = parts.label;
    this.canUpdate = parts.canUpdate;
    this.destination = parts.destination;
    this.rateLimiter = parts.rateLimiter;
    this.ask = parts.ask;
    this.#health = { post: new Health(parts), update: new Health(parts) };
  }

  /** Monotonic time before which no such request is sent. */
  notBeforeMillis(of: HealthOf): number {
    return this.#health[of].notBeforeMillis;
  }

  /** Slack rejects the endpoint for a reason that a person must fix. It is tried once a minute. */
  get isBlocked(): boolean {
    return this.#health.post.state === 'blocked';
  }

  /** The health of posts. */
  get state(): EndpointState {
    return this.#health.post.state;
  }

  /** Whether reactions can be read, as far as is known. */
  get canReadReactions(): boolean {
    return this.canUpdate && this.#hasReactionsScope && !this.#areReactionsRefused;
  }

  /** The number of different messages whose requests failed since the last one that passed. */
  failedMessages(of: HealthOf): number {
    return this.#health[of].failedMessages;
  }

  /** Whether such a request passed at this monotonic time or later. */
  hasPassedSince(of: HealthOf, atMillis: number): boolean {
    return this.#health[of].passedAtMillis >= atMillis;
  }

  /** Whether a message that never failed before has failed since the last one that passed. */
  hasNewFailure(of: HealthOf): boolean {
    return this.#health[of].hasNewFailure;
  }

  /**
   * A request passed. If that ends a backoff or a block of posts, returns when a post last passed before, in monotonic
   * milliseconds: the endpoint was the cause of all failures since. Infinity when too few messages failed to be sure.
   */
  succeeded(of: HealthOf, scopes: readonly string[] | undefined): number | undefined {
    const { post, update } = this.#health;
    const { state, passedAtMillis, failedMessages } = post;
    this.#health[of].passed();
    this.#healthySinceMillis = Math.min(this.#healthySinceMillis, this.#parts.clock.monotonic());
    this.#passedRequests++;
    if (this.#isWholeFailing) for (const health of [post, update]) health.recovered();
    this.#isWholeFailing = false;
    if (scopes !== undefined) this.#hasReactionsScope = scopes.includes('reactions:read');
    if (post.state !== 'ok' || (state !== 'backing off' && state !== 'blocked')) return undefined;
    return failedMessages >= OUTAGE_MESSAGES ? passedAtMillis : Number.POSITIVE_INFINITY;
  }

  /** A message passed that had failed alone, with the same content: the endpoint was the cause. */
  wasUnsteady(): void {
    const nowMillis = this.#parts.clock.monotonic();
    this.#unsteadyAtMillis = [...this.#unsteadyAtMillis.slice(1 - UNSTEADY_MESSAGES), nowMillis];
  }

  /** Whether several messages have lately failed and then passed with the same content. */
  get isUnsteady(): boolean {
    const [first = Number.NEGATIVE_INFINITY] = this.#unsteadyAtMillis;
    const isRecent = this.#parts.clock.monotonic() - first < UNSTEADY_MILLIS;
    return this.#unsteadyAtMillis.length === UNSTEADY_MESSAGES && isRecent;
  }

  /** Slack refused to return reactions. They are not read again. */
  refuseReactions(): void {
    this.#areReactionsRefused = true;
  }

  /**
   * A request failed, and its message may be the cause. `message` identifies it. `isNew`: the message never failed
   * before.
   */
  doubt(of: HealthOf, message: string, isNew: boolean): void {
    this.#failed();
    this.#health[of].doubted(message, isNew);
  }

  /**
   * A request failed for a reason that may pass: the next wait is longer than the last.
   * @param pending - the pending records, in words
   */
  backOff(reason: string, pending: string): void {
    this.#failed();
    this.#isWholeFailing = true;
    this.#health.post.failed();
    this.#health.update.failed();
    this.warnOfFailure(reason, pending);
  }

  /** The endpoint is blocked. The next request follows soon, because it may show that only a message was refused. */
  probeSoon(): void {
    this.#health.post.probeSoon();
  }

  /** @param pending - the pending records, in words; empty when there is none */
  warnOfFailure(reason: string, pending: string): void {
    const waiting = pending === '' ? '' : `; waiting: ${pending}`;
    this.#warn('backoff', `${this.label}: no good answer from Slack (${reason}). Trying again${waiting}`);
  }

  /** Returns how long a message is held after so many failures in a row. */
  holdMillis(failures: number): number {
    return backoffMillis(failures, this.#parts.random);
  }

  /** Slack answered 429. Logs a wait of a minute or longer; the rate limiter enforces it. */
  rateLimited(action: Action, millis: number): void {
    if (millis < LONG_WAIT_MILLIS) return;
    const seconds = counted(Math.ceil(millis / 1_000));
    this.#warn(`limited ${action}`, `${this.label}: Slack asks to wait for ${seconds} s; ${LIMITED[action]}`);
  }

  /**
   * Blocks the endpoint until a person fixes the cause. No record is dropped: the fallback takes them, or they stay pending.
   * @param fallback - the label of the endpoint that takes over; undefined when there is none
   */
  block(reason: string, fallback: string | undefined): void {
    this.#failed();
    this.#isWholeFailing = true;
    this.#health.post.refused();
    this.#health.update.refused();
    const meanwhile = fallback === undefined ? 'records wait, at most a day' : `records go to ${fallback}`;
    // Each reason is logged once, because fixing one cause may reveal another.
    const kind = `block ${reason}`;
    this.#blockWarnings.add(kind);
    this.#warn(kind, `${this.label}: ${remedyFor(reason, this.label)}. Until then ${meanwhile}`);
  }

  /** A request failed. Failures and successes may alternate for hours, so one success does not allow the next warning. */
  #failed(): void {
    const { clock, diagnostics } = this.#parts;
    const isOld = clock.monotonic() - this.#healthySinceMillis >= RECOVERED_AFTER_MILLIS;
    const hasRecovered = isOld && this.#passedRequests >= RECOVERED_AFTER_REQUESTS;
    this.#healthySinceMillis = Number.POSITIVE_INFINITY;
    this.#passedRequests = 0;
    if (!hasRecovered) return;
    for (const kind of ['backoff', ...this.#blockWarnings]) diagnostics.resolved(`${kind} ${this.label}`);
    this.#blockWarnings.clear();
  }

  #warn(kind: string, message: string): void {
    this.#parts.diagnostics.warn(`${kind} ${this.label}`, message);
  }
}
