import { isPlainText, type Notification, type Outbox, type PostedMessage } from '../groups/index.js';
import type { Outcome } from '../slack/index.js';
import type { Diagnostics, Ledger } from '../telemetry/index.js';
import { type Clock, countedOf } from '../util/index.js';
import type { Endpoint } from './endpoint.js';
import type { Action, Turn } from './rate-limiter.js';

/** The endpoint of a request, and the turn in which it was sent. */
interface Attempt {
  readonly endpoint: Endpoint;
  readonly turn: Turn;
}

/** An attempt to notify. */
interface NotifyAttempt extends Attempt {
  /** The label of the endpoint that takes over when this one is blocked. */
  readonly fallback: string | undefined;
}

/** Options of an {@link OutcomeHandler}. */
export interface OutcomeHandlerParts {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** The reactions by which a person answers a message. */
const ANSWERS = {
  /** 🔕 */
  silence: 'no_bell',
  /** ✅ */
  close: 'white_check_mark',
} as const;

/** Applies the outcome of a request to its records, its message and its endpoint. */
export class OutcomeHandler {
  readonly #parts: OutcomeHandlerParts;

  constructor(parts: OutcomeHandlerParts) {
    this.#parts = parts;
  }

  /** Handles the outcome of a notification. */
  handleOutcome(outcome: Outcome, notification: Notification, attempt: NotifyAttempt): void {
    const { outbox, ledger } = this.#parts;
    const { endpoint } = attempt;
    switch (outcome.kind) {
      case 'sent':
        ledger.deliver(outbox.sent(notification, endpoint.label, endpoint.canUpdate ? outcome.ref : undefined));
        endpoint.succeeded(outcome.scopes);
        break;
      case 'retry':
        if (outcome.rateLimitedMillis === undefined) this.#backOff(outcome.reason, endpoint);
        else this.#rateLimited(outcome.rateLimitedMillis, notification.act === 'update' ? 'update' : 'post', attempt);
        break;
      case 'unknown':
        outbox.markAmbiguous(notification);
        this.#backOff(outcome.reason, endpoint);
        break;
      case 'refused':
        this.#refused(outcome, notification, attempt);
        break;
    }
  }

  /** Handles the outcome of reading the reactions of a message. */
  handleReactions(outcome: Outcome, message: PostedMessage, attempt: Attempt): void {
    const { outbox, ledger, clock } = this.#parts;
    // Also after a failure: the notification is sent without them, and they are read again before the next one.
    outbox.messages.reactionsRead(message, clock.monotonic());
    if (outcome.kind === 'sent') {
      const { reactions } = outcome;
      if (reactions?.has(ANSWERS.silence)) ledger.drop(outbox.silence(message), 'silenced');
      else if (reactions?.has(ANSWERS.close)) outbox.closeProblems(message);
    } else if (outcome.kind === 'retry' && outcome.rateLimitedMillis !== undefined) {
      this.#rateLimited(outcome.rateLimitedMillis, 'reactions', attempt);
    } else if (outcome.kind === 'refused' && outcome.because === 'message') {
      outbox.messages.freeze(message);
    } else if (outcome.kind === 'refused') {
      attempt.endpoint.refuseReactions();
    }
  }

  #backOff(reason: string, endpoint: Endpoint): void {
    endpoint.backOff(reason, countedOf(this.#parts.outbox.groups.pending, 'record'));
  }

  #rateLimited(millis: number, action: Action, { endpoint, turn }: Attempt): void {
    this.#parts.ledger.throttle();
    turn.limitUntil(action, this.#parts.clock.monotonic() + millis);
    endpoint.rateLimited(millis);
  }

  #refused(
    { reason, because }: Outcome & { kind: 'refused' },
    notification: Notification,
    { endpoint, fallback }: NotifyAttempt,
  ): void {
    const { outbox } = this.#parts;
    const { message } = notification;
    if (because === 'destination') endpoint.block(reason, fallback);
    else if (message !== undefined && (because === 'message' || notification.groups.length === 0))
      outbox.messages.freeze(message);
    else if (!isPlainText(notification)) {
      outbox.markPlainText(notification);
      this.#warn('refused', endpoint, `Slack refuses the blocks of a message (${reason}); it is sent as plain text`);
    } else if (because === 'payload') this.#reject(reason, notification, endpoint);
    else endpoint.block(reason, fallback);
  }

  /** Drops the records of a refused post. A refused update changes no count: its problems continue in a new message. */
  #reject(reason: string, { act, groups, message }: Notification, endpoint: Endpoint): void {
    const { outbox, ledger } = this.#parts;
    if (message !== undefined) outbox.messages.freeze(message);
    if (act !== 'post') return;
    ledger.drop(outbox.drop(groups), 'rejected');
    this.#warn('rejected', endpoint, `Slack refuses a message even as plain text (${reason}); it is dropped`);
  }

  #warn(kind: string, { label }: Endpoint, message: string): void {
    this.#parts.diagnostics.warn(`${kind} ${label}`, `${label}: ${message}`);
  }
}
