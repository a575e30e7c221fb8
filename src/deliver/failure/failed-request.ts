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

/** Returns what a failed request has shown about its message. `isBlamed`: others passed meanwhile. */
export function eventOf(standing: Standing, cause: Cause, isBlamed: boolean): Exclude<MessageEvent, 'passed'> {
  if (cause.isRefusal || cause.of === 'message') return 'refused';
  if (isBlamed) return 'blamed';
  const isExhausted = !standing.isExhausted && standing.failuresAlone + 1 >= FAILURES_WITHOUT_OTHERS;
  return isExhausted ? 'exhausted' : 'doubted';
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
