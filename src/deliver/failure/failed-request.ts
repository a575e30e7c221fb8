import type { MessageEvent, Notification, Outbox, Standing } from '../../groups/index.js';
import type { Diagnostics, Ledger } from '../../telemetry/index.js';
import { type Clock, countedOf } from '../../util/index.js';
import type { Endpoint } from '../endpoint.js';
import type { Cause, FailedOutcome } from './cause.js';

/** What the handling of a failed request changes. */
export interface FailureParts {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** A request that failed, other than by a rate limit. */
export interface FailedRequest {
  readonly outcome: FailedOutcome;
  readonly notification: Notification;
  readonly endpoint: Endpoint;
  /** The label of the endpoint that takes over when this one is blocked. */
  readonly fallback: string | undefined;
  /** The exporter closes: what failed is tried again at once. */
  readonly isClosing: boolean;
}

/** A message that fails this often while no other is sent is tried in its reduced forms, once. */
const FAILURES_WITHOUT_OTHERS = 8;

/** On an endpoint that is unsteady, a message that fails less often than this is not reduced. */
const FAILURES_ON_UNSTEADY = 4;

/** What the event of a failed request depends on. */
export interface MessageEvidence {
  readonly cause: Cause;
  /** Others passed meanwhile. */
  readonly isBlamed: boolean;
  /** Several messages have lately failed and then passed with the same content. */
  readonly isUnsteady: boolean;
}

/** Returns what a failed request has shown about its message. */
export function eventOf(standing: Standing, evidence: MessageEvidence): Exclude<MessageEvent, 'passed'> {
  const { cause, isBlamed, isUnsteady } = evidence;
  if (cause.of === 'message') return 'refused';
  const failures = standing.failuresAlone + 1;
  if (isUnsteady && failures < FAILURES_ON_UNSTEADY) return 'doubted';
  // One refusal may be an accident on the way. The second one counts.
  if (cause.isRefusal) return standing.failures === 0 ? 'doubted' : 'refused';
  if (isBlamed) return 'blamed';
  return !standing.isExhausted && failures >= FAILURES_WITHOUT_OTHERS ? 'exhausted' : 'doubted';
}

/** The endpoint fails or refuses all requests. No other request is needed to know that. */
export function blameEndpoint({ outbox }: FailureParts, request: FailedRequest, { isRefusal }: Cause): void {
  const { outcome, endpoint, fallback } = request;
  if (isRefusal) endpoint.block(outcome.reason, fallback);
  else endpoint.backOff(outcome.reason, pendingIn(outbox));
}

/** The endpoint or the message is the cause. `message` identifies the message. */
export function doubtEndpoint({ outbox }: FailureParts, request: FailedRequest, message: string, isNew: boolean): void {
  const { outcome, notification, endpoint } = request;
  endpoint.doubt(notification.act === 'update' ? 'update' : 'post', message, isNew);
  // A refusal ends in a warning of its own: the message is reduced, or the endpoint is blocked.
  if (outcome.kind !== 'refused') endpoint.warnOfFailure(outcome.reason, pendingIn(outbox));
}

function pendingIn({ groups }: Outbox): string {
  return groups.pending === 0 ? '' : countedOf(groups.pending, 'record');
}
