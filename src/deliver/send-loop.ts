import type { PostedMessage } from '../groups/group.js';
import type { Notification } from '../groups/notification.js';
import { requestFor } from '../plan/build-notification.js';
import type { NextStep, Plan } from '../plan/choose.js';
import type { GivenMention, MentionLimiter } from '../plan/mention-limiter.js';
import type { Compose } from '../render/compose.js';
import type { LastWord, Outcome, SlackRequest } from '../slack/types.js';
import { runInternal } from '../telemetry/loop-guard.js';
import { sleepUntil } from '../util/clock.js';
import { guarded } from '../util/guarded.js';
import { Signal } from '../util/signal.js';
import { countedOf } from '../util/text.js';
import { dropAll, dropExpired, dropUnsaved } from './drop-undelivered.js';
import type { Endpoint } from './endpoint.js';
import { Failover, type FailoverParts } from './failover.js';
import { OutcomeHandler, type OutcomeHandlerParts } from './handle-outcome.js';
import { Planner, type PlannerParts } from './planner.js';
import type { Turn } from './rate-limiter.js';

/** The longest rest: then the loop looks whether a record has expired. */
const LONGEST_REST_MILLIS = 3_600_000;
/** While nothing can be posted, new records wake the loop no more often than this. */
const LEAST_REST_MILLIS = 100;
/** Planning, rendering and sending this many rows takes a millisecond each. */
const MANY_ROWS = 200;
/** Reactions that were read this recently are not read again before a reminder or an update without new records. */
const REACTIONS_AGE_MILLIS = 9_000;

/** What a {@link SendLoop} is made of. */
export interface SendLoopParts extends OutcomeHandlerParts, FailoverParts, PlannerParts {
  /** Names the destination for people; holds no secret. */
  readonly label: string;
  readonly compose: Compose;
  readonly mentions: MentionLimiter;
  /** With a spool: finds out before each request whether another process has taken our records. */
  readonly verify?: (() => Promise<void>) | undefined;
}

/**
 * The only thing that talks to its destination. Each round of the loop is the same:
 *
 * 1. rest: until the plan says that something can be sent
 * 2. pace: take the turn of the channel
 * 3. plan: decide for each group and choose across groups, with the counts of this moment
 * 4. render
 * 5. send
 * 6. settle: what the outcome means for records, groups and endpoint
 *
 * The loop keeps neither the process nor a timer alive while nothing is pending.
 */
export class SendLoop {
  readonly #parts: SendLoopParts;
  readonly #outcomes: OutcomeHandler;
  readonly #failover: Failover;
  readonly #planner: Planner;
  readonly #stop = new AbortController();
  readonly #arrived = new Signal();
  readonly #stepped = new Signal();
  readonly #resumed = new Signal();
  readonly #ended: Promise<void>;
  #pauses = 0;
  #flushes = 0;
  #isSending = false;
  #isClosing = false;
  #lastNotification: Notification | undefined;

  constructor(parts: SendLoopParts) {
    this.#parts = parts;
    this.#outcomes = new OutcomeHandler(parts);
    this.#failover = new Failover(parts);
    this.#planner = new Planner(parts, this.#failover);
    this.#ended = this.#run();
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Something has come into the outbox. */
  wake(): void {
    this.#arrived.fire();
  }

  /** Sends nothing until the returned function is called, so that a batch being folded is not torn. */
  pause(): () => void {
    this.#pauses++;
    return () => {
      this.#pauses--;
      if (this.#pauses === 0) this.#resumed.fire();
    };
  }

  /** Until the returned function is called, pending problems share a message where possible. */
  expedite(): () => void {
    this.#flushes++;
    return () => {
      this.#flushes--;
    };
  }

  /**
   * Waits until everything due is sent, or nothing more can be sent before the deadline (monotonic milliseconds).
   * Returns whether nothing is left.
   */
  async flush(deadlineMillis: number): Promise<boolean> {
    const { clock } = this.#parts;
    const done = new AbortController();
    // With a reference: a process that waits for its flush must not end before it.
    const over = sleepUntil(clock, deadlineMillis, { signal: done.signal, ref: true });
    const release = this.expedite();
    this.wake();
    while (clock.monotonic() < deadlineMillis && (this.#isSending || this.#dueAtMillis() <= deadlineMillis)) {
      await Promise.race([this.#stepped.next(), over]);
    }
    release();
    done.abort();
    return !this.#isSending && this.#dueAtMillis() === Number.POSITIVE_INFINITY;
  }

  /**
   * Sends what it can until the deadline and ends. The rest is dropped and counted.
   * @param save - saves the last records to the spool, before what is not saved is dropped
   */
  async close(deadlineMillis: number, save?: () => Promise<void>): Promise<void> {
    this.#isClosing = true;
    await this.flush(deadlineMillis);
    this.#stop.abort();
    this.wake();
    await this.#ended;
    await save?.();
    if (this.#parts.verify === undefined) dropAll(this.#parts);
    else dropUnsaved(this.#parts);
    this.#stepped.fire();
  }

  /** Everything pending in one message, for the last-words thread to send while the process ends. */
  lastMessage(): Pick<LastWord, 'destination' | 'message' | 'delayMillis'> | undefined {
    const { clock, compose } = this.#parts;
    this.#isClosing = true;
    const always = { isAllInOne: true, isGathered: true, readyAtMillis: () => Number.NEGATIVE_INFINITY };
    const { next } = this.#plan(always);
    this.#lastNotification = next?.act === 'notify' ? next.build() : undefined;
    if (this.#lastNotification === undefined) return undefined;
    const endpoint = this.#failover.current;
    const delayMillis = Math.max(0, this.#failover.readyAtMillis('post', endpoint) - clock.monotonic());
    const message = compose(this.#lastNotification, this.#mentionFor(this.#lastNotification)?.markup);
    return { destination: endpoint.destination, message, delayMillis };
  }

  /** Slack has confirmed the last message. */
  lastMessageSent(): void {
    const { outbox, ledger } = this.#parts;
    if (this.#lastNotification === undefined) return;
    ledger.deliver(outbox.sent(this.#lastNotification, this.#failover.current.label, undefined));
    this.#lastNotification = undefined;
  }

  async #run(): Promise<void> {
    while (!this.isStopped) {
      try {
        await this.#step();
      } catch (error) {
        // A bug of ours must cost neither the app nor the loop, and must not make the loop spin.
        const endpoint = this.#failover.current;
        endpoint.backOff(error instanceof Error ? error.name : 'an internal error', 'unknown');
        await sleepUntil(this.#parts.clock, endpoint.notBeforeMillis, { signal: this.#stop.signal });
      }
      this.#stepped.fire();
    }
  }

  async #step(): Promise<void> {
    const { outbox, clock } = this.#parts;
    dropExpired(this.#parts);
    const { next, forgotten, wakeAtMillis } = this.#plan();
    for (const { fingerprint } of forgotten) outbox.groups.forget(fingerprint);
    if (next === undefined) return this.#rest(Math.min(wakeAtMillis, clock.monotonic() + LONGEST_REST_MILLIS));
    const endpoint = this.#failover.endpoint(next.endpoint);
    const turn = await endpoint.rateLimiter.enter(this.#stop.signal);
    if (turn === undefined) return;
    this.#isSending = true;
    try {
      await this.#settled();
      // Another exporter may have been quicker, or something else matters more by now.
      const { next: current } = this.#plan();
      if (current?.endpoint === endpoint.label) await this.#send(current, endpoint, turn);
    } finally {
      this.#isSending = false;
      turn.leave();
    }
  }

  /** Rests until a record comes or it is time. */
  async #rest(untilMillis: number): Promise<void> {
    const { clock } = this.#parts;
    const woken = new AbortController();
    await Promise.race([this.#arrived.next(), sleepUntil(clock, untilMillis, { signal: woken.signal })]);
    woken.abort();
    const postAtMillis = this.#failover.readyAtMillis('post', this.#failover.current);
    const calmUntilMillis = Math.min(postAtMillis, clock.monotonic() + LEAST_REST_MILLIS);
    if (this.#flushes === 0) await sleepUntil(clock, calmUntilMillis, { signal: this.#stop.signal });
  }

  /** Waits until the outbox holds whole batches, and only records that are still ours. */
  async #settled(): Promise<void> {
    // During a flush the SDK exports batch after batch without a pause. One message is to hold them all.
    if (this.#flushes > 0) await new Promise(setImmediate);
    while (this.#pauses > 0) await this.#resumed.next();
    await this.#parts.verify?.();
  }

  async #send(next: NextStep, endpoint: Endpoint, turn: Turn): Promise<void> {
    if (next.act === 'reactions') return this.#readReactions(next.message, endpoint, turn);
    const notification = this.#failover.withIntendedEndpoint(next.build(), endpoint);
    const answered = this.#mayBeAnswered(notification, endpoint);
    if (answered !== undefined) return this.#readReactions(answered, endpoint, turn);
    return this.#notify(notification, endpoint, turn);
  }

  async #readReactions(message: PostedMessage, endpoint: Endpoint, turn: Turn): Promise<void> {
    if (message.ref === undefined) return;
    const outcome = await this.#request({ act: 'reactions', ref: message.ref }, endpoint, turn);
    this.#outcomes.handleReactions(outcome, message, { endpoint, turn });
  }

  async #notify(notification: Notification, endpoint: Endpoint, turn: Turn): Promise<void> {
    const { compose, diagnostics, label } = this.#parts;
    const { act, kind, rows } = notification;
    await turnAfter(notification);
    const mention = this.#mentionFor(notification);
    const request = requestFor(notification, compose(notification, mention?.markup), mention !== undefined);
    await turnAfter(notification);
    const outcome = await this.#request(request, endpoint, turn);
    diagnostics.debug(`${label}: ${act} ${kind} of ${countedOf(rows.length, 'problem')}: ${outcome.kind}`);
    this.#outcomes.handleOutcome(outcome, notification, {
      endpoint,
      turn,
      fallback: this.#failover.fallbackOf(endpoint),
    });
    this.#planner.sent(notification, outcome.kind === 'sent');
    if (mention !== undefined) this.#mentioned(mention, outcome);
  }

  /** A request without an answer may have woken somebody: better one mention too few than one at each attempt. */
  #mentioned({ groups }: GivenMention, { kind }: Outcome): void {
    const { mentions, outbox, clock } = this.#parts;
    if (kind !== 'sent' && kind !== 'unknown') return;
    mentions.given(clock.monotonic());
    outbox.mentioned(groups);
  }

  #mentionFor(notification: Notification): GivenMention | undefined {
    const { mentions, clock } = this.#parts;
    return mentions.for(notification, { nowMillis: clock.monotonic(), isQuiet: this.#planner.isQuiet });
  }

  async #request(request: SlackRequest, endpoint: Endpoint, turn: Turn): Promise<Outcome> {
    this.#parts.ledger.request();
    turn.begin(request.act);
    return runInternal(() => endpoint.ask(request, this.#stop.signal));
  }

  #plan(instead: Parameters<Planner['plan']>[1] = {}): Plan {
    return this.#planner.plan({ isExpedited: this.#flushes > 0, isClosing: this.#isClosing }, instead);
  }

  #dueAtMillis(): number {
    // A plan that throws is the loop's to report; a flush cannot wait for it.
    return guarded(() => this.#plan().dueAtMillis) ?? Number.POSITIVE_INFINITY;
  }

  /** The message of the notification, when somebody may have answered it since its reactions were read last. */
  #mayBeAnswered(notification: Notification, endpoint: Endpoint): PostedMessage | undefined {
    const nowMillis = this.#parts.clock.monotonic();
    const { groups } = notification;
    const message = notification.message ?? groups.find((group) => group.message?.ref)?.message;
    if (message?.ref === undefined || this.#isClosing || message.endpoint !== endpoint.label) return undefined;
    const sinceMillis = Math.max(...groups.map(({ waitingSinceAtMillis = -1 }) => waitingSinceAtMillis));
    const isRead = message.reactionsReadAtMillis >= (sinceMillis >= 0 ? sinceMillis : nowMillis - REACTIONS_AGE_MILLIS);
    return isRead || this.#failover.readyAtMillis('reactions', endpoint) > nowMillis ? undefined : message;
  }
}

/** Lets the app have its turn after a step for many groups, because the steps together take too long. */
async function turnAfter({ rows }: Notification): Promise<void> {
  if (rows.length > MANY_ROWS) await new Promise(setImmediate);
}
