import type { Group } from '../../groups/index.js';
import type { Endpoint } from '../endpoint.js';
import { DOUBTED_MESSAGES } from '../health.js';
import { type Cause, causeOfPost } from './cause.js';
import { blameEndpoint, doubtEndpoint, eventOf, type FailedRequest, type FailureParts } from './failed-request.js';

/** Up to this many groups are sent one by one after their message failed. More are sent in four messages first. */
const MAX_SENT_ALONE = 16;

/** A group that was refused so often, while others passed, is dropped. The refusals do not say that it is the cause. */
const MAX_OPEN_REFUSALS = 10;

/**
 * What follows from a failed post:
 * - `endpoint`: the endpoint is the cause.
 * - `still blocked`: the endpoint was blocked, and this request was to find out whether it still is.
 * - `all refused`: the endpoint refuses even a message without any text of the app.
 * - `split`: one of several groups may be the cause.
 * - `reduce`: the group is sent again after all others, with less of its content if they pass.
 * - `reject`: the group is refused in every form, while others pass.
 */
export type PostVerdict = 'endpoint' | 'still blocked' | 'all refused' | 'split' | 'reduce' | 'reject';

/** What a verdict depends on. */
export interface PostEvidence {
  readonly cause: Cause;
  readonly groups: number;
  readonly isBlocked: boolean;
  /** The request held no text of the app. */
  readonly isMinimal: boolean;
  /** Another message passed since this one failed the last time. */
  readonly hasOtherPassed: boolean;
  /** How often the group failed alone before. */
  readonly failures: number;
}

/** Decides which of the two is the cause of a failed post: the message or the endpoint. */
export function postVerdict(evidence: PostEvidence): PostVerdict {
  const { cause, groups, isBlocked, isMinimal, hasOtherPassed, failures } = evidence;
  if (cause.of === 'endpoint') return 'endpoint';
  if (groups > 1) return 'split';
  const isOpen = cause.of === 'open';
  if (isOpen && isBlocked) return isMinimal ? 'all refused' : 'still blocked';
  if (!isMinimal || !cause.isRefusal) return 'reduce';
  if (!isOpen) return 'reject';
  if (!hasOtherPassed) return 'all refused';
  return failures >= MAX_OPEN_REFUSALS ? 'reject' : 'reduce';
}

/** Applies a failed post to its groups and its endpoint. */
export function handlePostFailure(parts: FailureParts, request: FailedRequest): void {
  const { outcome, notification, endpoint } = request;
  const { groups, form } = notification;
  const [group] = groups;
  if (group === undefined) return;
  const { failures, failuresAlone, failedAtMillis } = group.standing;
  const hasOtherPassed = groups.length === 1 && failures > 0 && endpoint.hasPassedSince('post', failedAtMillis);
  const cause = causeOfPost(outcome, hasOtherPassed);
  const verdict = postVerdict({
    ...{ cause, hasOtherPassed, groups: groups.length, failures: failuresAlone },
    ...{ isBlocked: endpoint.isBlocked, isMinimal: form === 'minimal' },
  });
  switch (verdict) {
    case 'endpoint':
      // Another group is tried next, in case the answer is wrong about its cause.
      if (cause.isRefusal) doubtGroups(parts, request, groups.length);
      blameEndpoint(parts, request, cause);
      break;
    case 'still blocked':
      stillBlocked(parts, request, cause);
      break;
    case 'all refused':
      parts.outbox.clearStandings();
      blameEndpoint(parts, request, cause);
      break;
    case 'split':
      split(parts, request, cause);
      break;
    case 'reduce':
      reduce(parts, request, { group, cause, isBlamed: hasOtherPassed || isOldSuspect(group, endpoint) });
      break;
    case 'reject':
      reject(parts, request);
      break;
  }
}

/** Without a fallback, a message without any text of the app follows, because this one may be refused for its text. */
function stillBlocked(parts: FailureParts, request: FailedRequest, cause: Cause): void {
  const isProbeNext = request.fallback === undefined;
  doubtGroups(parts, request, 1, isProbeNext);
  blameEndpoint(parts, request, cause);
  if (isProbeNext) request.endpoint.probeSoon();
}

function split(parts: FailureParts, request: FailedRequest, cause: Cause): void {
  const { notification, isClosing } = request;
  const { groups } = notification;
  // At the end there is no time to send many messages.
  const half = Math.ceil(groups.length / 2);
  const share = groups.length <= MAX_SENT_ALONE ? 1 : Math.ceil(groups.length / 4);
  doubtGroups(parts, request, isClosing ? half : share);
  if (cause.of === 'open') doubtEndpoint(parts, request, groups.map(({ id }) => id).join(' '), groups.every(isNew));
}

function doubtGroups(
  { outbox, clock }: FailureParts,
  { outcome, notification }: FailedRequest,
  maxTogether: number,
  isProbeNext = false,
): void {
  const { groups } = notification;
  const nowMillis = clock.monotonic();
  const failure = { reason: outcome.reason, together: groups.length, maxTogether, nowMillis, holdMillis: 0 };
  outbox.postFailed(groups, { event: 'doubted', ...failure, isProbeNext });
}

interface Suspect {
  readonly group: Group;
  readonly cause: Cause;
  readonly isBlamed: boolean;
}

function reduce(parts: FailureParts, request: FailedRequest, { group, cause, isBlamed }: Suspect): void {
  const { outbox, clock } = parts;
  const { outcome, endpoint } = request;
  const event = eventOf(group.standing, { cause, isBlamed, isUnsteady: endpoint.isUnsteady });
  if (cause.of === 'open') doubtEndpoint(parts, request, group.id, isNew(group));
  outbox.postFailed([group], {
    event,
    reason: outcome.reason,
    together: 1,
    maxTogether: 1,
    nowMillis: clock.monotonic(),
    holdMillis: endpoint.holdMillis(event === 'refused' ? 1 : group.standing.failuresAlone + 1),
    // Different messages are refused in a row. One without any text of the app shows whether all are.
    isProbeNext: cause.of === 'open' && cause.isRefusal && endpoint.failedMessages('post') >= DOUBTED_MESSAGES,
  });
}

function reject(
  { outbox, ledger, diagnostics }: FailureParts,
  { outcome, notification, endpoint }: FailedRequest,
): void {
  const { label } = endpoint;
  ledger.drop(outbox.drop(notification.groups), 'rejected');
  const text = `Slack refuses a message even without any text of the app (${outcome.reason}); it is dropped`;
  diagnostics.warn(`rejected ${label}`, `${label}: ${text}`);
}

function isNew({ standing }: Group): boolean {
  return standing.failures === 0;
}

/** Whether others passed since this group failed first, and no new group failed after that. */
function isOldSuspect({ standing }: Group, endpoint: Endpoint): boolean {
  const { failures, troubledAtMillis } = standing;
  return failures > 0 && endpoint.hasPassedSince('post', troubledAtMillis) && !endpoint.hasNewFailure('post');
}
