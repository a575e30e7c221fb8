import type { Group, Notification, Outbox, PostedMessage } from '../groups/index.js';
import type { Outcome } from '../slack/index.js';
import type { Diagnostics, Ledger } from '../telemetry/index.js';
import type { Clock } from '../util/index.js';
import type { Endpoint } from './endpoint.js';
import { handleReplyFailure, handleUpdateFailure } from './failure/change-failure.js';
import { handlePostFailure } from './failure/post-failure.js';
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
  /** The exporter closes. */
  readonly isClosing: boolean;
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

const HANDLE_FAILURE = { post: handlePostFailure, update: handleUpdateFailure, reply: handleReplyFailure } as const;

/** Applies the outcome of a request to its records, its message and its endpoint. */
export class OutcomeHandler {
  readonly #parts: OutcomeHandlerParts;

  constructor(parts: OutcomeHandlerParts) {
    this.#parts = parts;
  }

  /** Handles the outcome of a notification. */
  handleOutcome(outcome: Outcome, notification: Notification, attempt: NotifyAttempt): void {
    const { endpoint } = attempt;
    if (outcome.kind === 'sent') this.#sent(outcome, notification, endpoint);
    else if (outcome.kind === 'retry' && outcome.rateLimitedMillis !== undefined)
      this.#rateLimited(outcome.rateLimitedMillis, notification.act === 'update' ? 'update' : 'post', attempt);
    else {
      if (outcome.kind === 'unknown') this.#parts.outbox.markAmbiguous(notification);
      HANDLE_FAILURE[notification.act](this.#parts, { outcome, notification, ...attempt });
    }
  }

  #sent(outcome: Outcome & { kind: 'sent' }, notification: Notification, endpoint: Endpoint): void {
    const { outbox, ledger } = this.#parts;
    ledger.deliver(outbox.sent(notification, endpoint.label, endpoint.canUpdate ? outcome.ref : undefined));
    const failingSinceMillis = endpoint.succeeded(notification.act === 'update' ? 'update' : 'post', outcome.scopes);
    if (failingSinceMillis !== undefined) outbox.recovered(failingSinceMillis);
    if (notification.form === 'full' && notification.groups.some(isTroubled)) endpoint.wasUnsteady();
    this.#warnOfReducedForm(notification, endpoint);
  }

  /** Tells the operator why a message has no details, and that the message is the cause, not the channel. */
  #warnOfReducedForm({ act, form, groups }: Notification, { label }: Endpoint): void {
    const { failures = 0, reason } = groups[0]?.standing ?? {};
    if (act !== 'post' || form === 'full' || failures === 0) return;
    const how =
      form === 'plain'
        ? `refuses the details of a message (${reason}); it is posted as plain text`
        : `refuses the text of a message (${reason}); it is posted without any text of the app`;
    const text = `${label}: Slack, or something on the way such as a proxy, ${how}. Other messages are not affected`;
    this.#parts.diagnostics.warn(`refused ${label}`, text);
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
    } else if (outcome.kind === 'refused' && outcome.because === 'destination') {
      attempt.endpoint.refuseReactions();
    } else if (outcome.kind === 'refused') {
      // The reactions of this message are not read again. Those of others may be readable.
      outbox.messages.reactionsRead(message, Number.POSITIVE_INFINITY);
    }
  }

  #rateLimited(millis: number, action: Action, { endpoint, turn }: Attempt): void {
    this.#parts.ledger.throttle();
    turn.limitUntil(action, this.#parts.clock.monotonic() + millis);
    endpoint.rateLimited(action, millis);
  }
}

/** Whether the group failed alone before. When it passes with the same content, the endpoint was the cause. */
function isTroubled({ standing }: Group): boolean {
  return standing.failuresAlone > 0;
}
