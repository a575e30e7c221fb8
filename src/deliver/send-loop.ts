import type { Group, Notification, PostedMessage } from '../groups/index.js';
import { type MentionLimiter, type MessageMention, type NextStep, type Plan, requestFor } from '../plan/index.js';
import type { Compose } from '../render/index.js';
import type { LastWord, LastWordResult, Outcome, SlackRequest } from '../slack/index.js';
import { runInternal } from '../telemetry/index.js';
import { countedOf, guarded, Signal, sleepUntil, waitAtMost, yieldAfter } from '../util/index.js';
import { dropAll, dropExpired, dropUnsaved } from './drop-undelivered.js';
import type { Endpoint } from './endpoint.js';
import { Failover, type FailoverParts } from './failover.js';
import { OutcomeHandler, type OutcomeHandlerParts } from './handle-outcome.js';
import { InFlightRequest } from './in-flight-request.js';
import { Planner, type PlannerParts } from './planner.js';
import type { Turn } from './rate-limiter.js';

/** The longest wait. After it, the loop drops expired records. */
const MAX_WAIT_MILLIS = 3_600_000;
/** While nothing can be posted, new records wake the loop no more often than this. */
const MIN_WAIT_MILLIS = 100;
/** When no record came since, reactions that were read this recently are not read again before the message is sent. */
const MAX_REACTIONS_AGE_MILLIS = 9_000;

/** Options of a {@link SendLoop}. */
export interface SendLoopParts extends OutcomeHandlerParts, FailoverParts, PlannerParts {
  /** Names the destination for people; holds no secret. */
  readonly label: string;
  readonly compose: Compose;
  readonly mentions: MentionLimiter;
  /** With a spool: called before each request, to remove records that another process has adopted. */
  readonly verify?: (() => Promise<void>) | undefined;
}

/** How a request is sent, and what it shows. */
interface Sending {
  readonly endpoint: Endpoint;
  readonly turn: Turn;
  readonly groups: readonly Group[];
}

/**
 * Sends the notifications of one destination. Nothing else sends requests to it. Each round of the loop is the same:
 *
 * 1. wait until the plan has something to send
 * 2. pace: take the turn of the channel
 * 3. plan: decide for each group and choose across groups, with the current counts
 * 4. render
 * 5. send
 * 6. settle: apply the outcome to records, groups and endpoint
 *
 * The loop keeps neither the process nor a timer alive while nothing is pending.
 */
export class SendLoop {
  readonly #parts: SendLoopParts;
  readonly #outcomes: OutcomeHandler;
  readonly #failover: Failover;
  readonly #planner: Planner;
  readonly #stop = new AbortController();
  readonly #inFlight = new InFlightRequest();
  readonly #woken = new Signal();
  readonly #roundEnded = new Signal();
  readonly #resumed = new Signal();
  readonly #ended: Promise<void>;
  #pauses = 0;
  #flushes = 0;
  #isSending = false;
  #isClosing = false;
  /** The deadline of `close()`, in monotonic milliseconds. */
  #closesAtMillis = Number.POSITIVE_INFINITY;
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

  /** Call it when the outbox has new records. */
  wake(): void {
    this.#woken.fire();
  }

  /** Sends nothing until the returned function is called, so that a message does not show a part of a batch. */
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
    const release = this.expedite();
    this.wake();
    while (clock.monotonic() < deadlineMillis && (this.#isSending || this.#dueAtMillis() <= deadlineMillis)) {
      await waitAtMost(clock, deadlineMillis, () => this.#roundEnded.next());
    }
    release();
    return !this.#isSending && this.#dueAtMillis() === Number.POSITIVE_INFINITY;
  }

  /**
   * Sends what it can until the deadline (monotonic milliseconds) and ends. Other pending records are dropped, or left in
   * the spool.
   * @param save - saves the last records to the spool, before what is not saved is dropped
   */
  async close(deadlineMillis: number, save?: () => Promise<void>): Promise<void> {
    this.#isClosing = true;
    this.#closesAtMillis = deadlineMillis;
    const stopYielding = this.#inFlight.closing(this.#parts, deadlineMillis);
    await this.flush(deadlineMillis);
    stopYielding();
    this.#stop.abort();
    this.#inFlight.end();
    this.wake();
    await this.#ended;
    await save?.();
    if (this.#parts.verify === undefined) dropAll(this.#parts);
    else dropUnsaved(this.#parts);
    this.#roundEnded.fire();
  }

  /** Returns everything pending as one message, which the last-words thread sends while the process ends. */
  lastMessage(): Pick<LastWord, 'destination' | 'message' | 'delayMillis'> | undefined {
    const { clock, compose } = this.#parts;
    this.#isClosing = true;
    const everythingNow = { isAllInOne: true, isGathered: true, readyAtMillis: () => Number.NEGATIVE_INFINITY };
    const { next } = this.#plan(everythingNow);
    this.#lastNotification = next?.act === 'notify' ? next.build() : undefined;
    if (this.#lastNotification === undefined) return undefined;
    const endpoint = this.#failover.current;
    const delayMillis = Math.max(0, this.#failover.readyAtMillis('post', endpoint) - clock.monotonic());
    const markup = this.#mentionFor(this.#lastNotification)?.markup;
    const last = this.#lastNotification;
    const message = runInternal(() => compose(last, markup));
    return { destination: endpoint.destination, message, delayMillis };
  }

  /** The last message has a result: counts its records as delivered when Slack confirmed it. */
  lastMessageEnded(result: LastWordResult): void {
    const { outbox, ledger } = this.#parts;
    const last = this.#lastNotification;
    this.#lastNotification = undefined;
    if (last === undefined) return;
    if (result === 'sent') ledger.deliver(outbox.sent(last, this.#failover.current.label, undefined));
    else if (result === 'unknown') outbox.markAmbiguous(last);
  }

  /** Drops everything pending, because the process ends. */
  dropPending(): void {
    dropAll(this.#parts);
  }

  async #run(): Promise<void> {
    // The first step runs code that takes milliseconds when it runs for the first time. The start of an app is spared.
    await this.#woken.next();
    while (!this.isStopped) {
      try {
        await this.#step();
      } catch (error) {
        // A bug in this package must not reach the app, end the loop, or make it spin.
        const endpoint = this.#failover.current;
        endpoint.backOff(error instanceof Error ? error.name : 'an internal error', 'unknown');
        await sleepUntil(this.#parts.clock, endpoint.notBeforeMillis('post'), { signal: this.#stop.signal });
      }
      this.#roundEnded.fire();
    }
  }

  async #step(): Promise<void> {
    const { outbox, clock } = this.#parts;
    dropExpired(this.#parts);
    const { next, forgotten, wakeAtMillis } = this.#plan();
    for (const { fingerprint } of forgotten) outbox.groups.forget(fingerprint);
    if (next === undefined) return this.#wait(Math.min(wakeAtMillis, clock.monotonic() + MAX_WAIT_MILLIS));
    const endpoint = this.#failover.endpoint(next.endpoint);
    const turn = await endpoint.rateLimiter.enter(this.#stop.signal);
    if (turn === undefined) return;
    this.#isSending = true;
    try {
      await this.#outboxReady();
      // Another exporter may have posted meanwhile, or another problem may be more urgent now.
      const { next: current } = this.#plan();
      if (current?.endpoint === endpoint.label) await this.#send(current, endpoint, turn);
    } finally {
      this.#isSending = false;
      turn.leave();
    }
  }

  /** Rests until a record arrives or the time is reached. */
  async #wait(untilMillis: number): Promise<void> {
    const { clock } = this.#parts;
    await waitAtMost(clock, untilMillis, () => this.#woken.next(), { ref: false });
    const postAtMillis = this.#failover.readyAtMillis('post', this.#failover.current);
    const minRestUntilMillis = Math.min(postAtMillis, clock.monotonic() + MIN_WAIT_MILLIS);
    if (this.#flushes === 0) await sleepUntil(clock, minRestUntilMillis, { signal: this.#stop.signal });
  }

  /** Waits until the outbox holds complete batches, and only records that no other process has adopted. */
  async #outboxReady(): Promise<void> {
    // During a flush the SDK exports batch after batch without a pause. One message should show them all.
    if (this.#flushes > 0) await new Promise(setImmediate);
    while (this.#pauses > 0) await this.#resumed.next();
    await this.#parts.verify?.();
  }

  async #send(next: NextStep, endpoint: Endpoint, turn: Turn): Promise<void> {
    if (next.act === 'reactions') return this.#readReactions(next.message, endpoint, turn);
    const notification = this.#failover.withIntendedEndpoint(next.build(), endpoint);
    const unread = this.#messageWithUnreadReactions(notification, endpoint);
    if (unread !== undefined) return this.#readReactions(unread, endpoint, turn);
    return this.#notify(notification, endpoint, turn);
  }

  async #readReactions(message: PostedMessage, endpoint: Endpoint, turn: Turn): Promise<void> {
    if (message.ref === undefined) return;
    const outcome = await this.#request({ act: 'reactions', ref: message.ref }, { endpoint, turn, groups: [] });
    this.#outcomes.handleReactions(outcome, message, { endpoint, turn });
  }

  async #notify(notification: Notification, endpoint: Endpoint, turn: Turn): Promise<void> {
    const { compose, diagnostics, label } = this.#parts;
    const { act, kind, rows } = notification;
    await yieldAfter(rows.length);
    const mention = this.#mentionFor(notification);
    const message = runInternal(() => compose(notification, mention?.markup));
    const request = requestFor(notification, message, mention !== undefined);
    await yieldAfter(rows.length);
    const outcome = await this.#request(request, { endpoint, turn, groups: notification.groups });
    diagnostics.debug(`${label}: ${act} ${kind} of ${countedOf(rows.length, 'problem')}: ${outcome.kind}`);
    this.#outcomes.handleOutcome(outcome, notification, {
      endpoint,
      turn,
      fallback: this.#failover.fallbackOf(endpoint),
      isClosing: this.#isClosing,
    });
    this.#planner.sent(notification, outcome.kind === 'sent');
    if (mention !== undefined) this.#mentioned(mention, outcome);
  }

  /** A request without an answer may have mentioned somebody. Counting it avoids a mention with each attempt. */
  #mentioned({ groups }: MessageMention, { kind }: Outcome): void {
    const { mentions, outbox, clock } = this.#parts;
    if (kind !== 'sent' && kind !== 'unknown') return;
    mentions.record(clock.monotonic());
    outbox.mentioned(groups);
  }

  #mentionFor(notification: Notification): MessageMention | undefined {
    const { mentions, clock } = this.#parts;
    return mentions.for(notification, { nowMillis: clock.monotonic(), isQuiet: this.#planner.isQuiet });
  }

  async #request(request: SlackRequest, { endpoint, turn, groups }: Sending): Promise<Outcome> {
    this.#parts.ledger.request();
    turn.begin(request.act);
    return this.#inFlight.send(groups, (signal) => runInternal(() => endpoint.ask(request, signal)));
  }

  #plan(overrides: Parameters<Planner['plan']>[1] = {}): Plan {
    const [isExpedited, isClosing, closesAtMillis] = [this.#flushes > 0, this.#isClosing, this.#closesAtMillis];
    return this.#planner.plan({ isExpedited, isClosing, closesAtMillis }, overrides);
  }

  #dueAtMillis(): number {
    // The loop reports a plan that throws. A flush must not wait for it.
    return guarded(() => this.#plan().dueAtMillis) ?? Number.POSITIVE_INFINITY;
  }

  /** Returns the message of the notification, if its reactions must be read first because a reaction may have been added. */
  #messageWithUnreadReactions(notification: Notification, endpoint: Endpoint): PostedMessage | undefined {
    const nowMillis = this.#parts.clock.monotonic();
    const { groups } = notification;
    const message = notification.message ?? groups.find((group) => group.message?.ref)?.message;
    if (message?.ref === undefined || this.#isClosing || message.endpoint !== endpoint.label) return undefined;
    const sinceMillis = Math.max(...groups.map(({ waitingSinceAtMillis = -1 }) => waitingSinceAtMillis));
    const isRead =
      message.reactionsReadAtMillis >= (sinceMillis >= 0 ? sinceMillis : nowMillis - MAX_REACTIONS_AGE_MILLIS);
    return isRead || this.#failover.readyAtMillis('reactions', endpoint) > nowMillis ? undefined : message;
  }
}
