import type { MessageEvent, PostedMessage, Standing } from '../../groups/index.js';
import type { Endpoint } from '../endpoint.js';
import { causeOfChange } from './cause.js';
import { blameEndpoint, doubtEndpoint, eventOf, type FailedRequest, type FailureParts } from './failed-request.js';

/** A message whose update is refused this often by something that is not Slack continues in a new message. */
const MAX_REFUSED_UPDATES = 5;
/** A reply is tried this often, a minute apart. */
const MAX_REPLIES = 3;

/** Applies a failed update to its message. Only this message waits: neither posts nor updates of others do. */
export function handleUpdateFailure(parts: FailureParts, request: FailedRequest): void {
  const { outcome, notification, endpoint } = request;
  const { message } = notification;
  if (message === undefined) return;
  const cause = causeOfChange(outcome);
  if (cause.of === 'endpoint') {
    blameEndpoint(parts, request, cause);
    return;
  }
  const { standing } = message;
  // The reduced forms are not tried without a cause: what they remove from a posted message does not come back.
  const evidence = { cause, isBlamed: hasOtherPassed(standing, endpoint), isUnsteady: endpoint.isUnsteady };
  const event = eventOf({ ...standing, isExhausted: true }, evidence);
  if (cause.of === 'open') doubtEndpoint(parts, request, message.id, standing.failures === 0);
  if (isGone(request) || isUpdateHopeless(request, standing, event)) {
    freeze(parts, request, message);
    return;
  }
  parts.outbox.messages.updateFailed(message, {
    event,
    reason: outcome.reason,
    together: 1,
    maxTogether: 1,
    nowMillis: parts.clock.monotonic(),
    holdMillis: endpoint.holdMillis(standing.failuresAlone + 1),
  });
}

/** Applies a failed reply. A reply is the least important message, so it is given up soon and holds up nothing. */
export function handleReplyFailure(parts: FailureParts, request: FailedRequest): void {
  const { outbox, clock } = parts;
  const { outcome, notification } = request;
  const { message } = notification;
  if (message === undefined) return;
  const cause = causeOfChange(outcome);
  if (cause.of === 'endpoint') blameEndpoint(parts, request, cause);
  else if (isGone(request)) outbox.messages.freeze(message);
  else {
    if (message.failedReplies + 1 >= MAX_REPLIES) outbox.dropReply(notification);
    outbox.messages.replyFailed(message, clock.monotonic());
  }
}

function isGone({ outcome }: FailedRequest): boolean {
  return outcome.kind === 'refused' && outcome.because === 'message';
}

/** Whether another request passed since the last failed update of this message. */
function hasOtherPassed({ failures, failedAtMillis }: Standing, endpoint: Endpoint): boolean {
  if (failures === 0) return false;
  return (['post', 'update'] as const).some((of) => endpoint.hasPassedSince(of, failedAtMillis));
}

/** Whether the message takes no update any more, in whatever form. */
function isUpdateHopeless(
  { outcome, notification }: FailedRequest,
  { state, failures }: Standing,
  event: MessageEvent,
): boolean {
  const isRefused = event === 'refused';
  if (notification.groups.length === 0) return isRefused || event === 'blamed';
  if (state !== 'plain' && state !== 'minimal') return false;
  if (!isRefused) return event === 'blamed' && state === 'plain';
  // A proxy that refuses everything for a while must not end all messages.
  return !isFromProxy(outcome.reason) || failures + 1 >= MAX_REFUSED_UPDATES;
}

/** Whether a refusal has no word of Slack's, so that it may have come from something on the way. */
function isFromProxy(reason: string): boolean {
  return reason === 'redirected' || /^http_\d+$/.test(reason);
}

/** Ends the message. Its problems continue in a new one, after the others: the same text may be refused again. */
function freeze(parts: FailureParts, request: FailedRequest, message: PostedMessage): void {
  const { outbox, clock, diagnostics } = parts;
  const { outcome, notification, endpoint } = request;
  outbox.messages.freeze(message);
  if (isGone(request) || notification.groups.length !== 1) return;
  const failure = { reason: outcome.reason, maxTogether: 1, nowMillis: clock.monotonic(), holdMillis: 0 };
  outbox.postFailed(notification.groups, { event: 'doubted', together: 2, ...failure });
  const text = `a message cannot be updated (${outcome.reason}); its problem continues in a new one`;
  diagnostics.warn(`frozen ${endpoint.label}`, `${endpoint.label}: ${text}`);
}
