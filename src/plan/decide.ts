import { canChange, type Group, type Moment, type Policy, type Reason, statusOf } from '../groups/index.js';
import { isFatal } from '../record/index.js';

/** Why a group is held: not posted, updated or replied to. */
export type HoldReason = 'silenced' | 'quiet hours' | 'notified recently' | 'nothing new';

/** What to do with a group. */
export type Decision =
  /** A new message. A reminder is a new message about a group whose last message cannot be updated. */
  | { readonly act: 'post' | 'remind'; readonly reason: Reason }
  /** An update of the message that shows the group. */
  | { readonly act: 'update'; readonly reason: Reason }
  /** A reply in the thread of that message. */
  | { readonly act: 'reply'; readonly reason: Reason }
  /** Nothing until this time (monotonic milliseconds), or until a new record. */
  | { readonly act: 'hold'; readonly reason: HoldReason; readonly untilAtMillis: number }
  | { readonly act: 'forget' };

type Rule = (group: Group, policy: Policy, moment: Moment) => Decision | undefined;

/** Decides what to do with a group: the first rule that applies. Pure. */
export function decide(group: Group, policy: Policy, moment: Moment): Decision {
  for (const rule of moment.isClosing ? CLOSING_RULES : RULES) {
    const decision = rule(group, policy, moment);
    if (decision !== undefined) return decision;
  }
  return { act: 'forget' };
}

/** The rules in the order of their importance. */
const RULES: readonly Rule[] = [
  holdWhileSilenced,
  postUnreported,
  reportEscalation,
  updateChanged,
  replyWithVariant,
  remindOfTenfold,
  remindOnSchedule,
  holdUntilForgotten,
];

const CLOSING_RULES: readonly Rule[] = [holdWhileSilenced, postUnreported, reportAtClose, holdUntilForgotten];

function holdWhileSilenced({ silencedUntilAtMillis }: Group, _policy: Policy, { nowMillis }: Moment) {
  if (silencedUntilAtMillis <= nowMillis) return undefined;
  return hold('silenced', silencedUntilAtMillis);
}

function postUnreported(group: Group, _policy: Policy, moment: Moment): Decision | undefined {
  if (group.postCount > 0 || group.count === 0) return undefined;
  return outsideQuietHours(group, moment, {
    act: 'post',
    reason: group.previousEpisode === undefined ? 'new' : 'regressed',
  });
}

/** Reports a tenfold rate in the thread or in a new message, because Slack notifies nobody of an update. */
function reportEscalation(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  if (group.kind === 'loss' || group.postCount === 0 || isInQuietHours(group, moment)) return undefined;
  if (!group.rate.hasGrownTenfold(moment.nowMillis)) return undefined;
  if (!canChange(group.message, moment)) return { act: 'remind', reason: 'escalated' };
  if (group.message.kind !== 'single') return { act: 'post', reason: 'escalated' };
  const readyAtMillis = group.message.repliedAtMillis + policy.replyEveryMillis;
  return readyAtMillis > moment.nowMillis ? undefined : { act: 'reply', reason: 'escalated' };
}

function updateChanged(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { message } = group;
  if (!canChange(message, moment)) return undefined;
  const row = message.rows.get(group.fingerprint);
  const status = statusOf(group, policy, moment.nowMillis);
  const isChanged = group.count > (row?.count ?? 0) || status !== row?.status;
  const readyAtMillis = message.changedAtMillis + policy.updateEveryMillis;
  if (!isChanged) return undefined;
  if (readyAtMillis > moment.nowMillis) return holdUnlessVariant(group, policy, moment, readyAtMillis);
  return { act: 'update', reason: status === 'quiet' ? 'quiet' : 'changed' };
}

function holdUnlessVariant(group: Group, policy: Policy, moment: Moment, readyAtMillis: number): Decision {
  const reply = replyWithVariant(group, policy, moment);
  if (reply?.act !== 'hold') return reply ?? hold('notified recently', readyAtMillis);
  return hold('notified recently', Math.min(reply.untilAtMillis, readyAtMillis));
}

function replyWithVariant(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { message, variant, replies } = group;
  if (variant === undefined || replies >= policy.maxReplies || !canChange(message, moment)) return undefined;
  if (isInQuietHours(group, moment)) return hold('quiet hours', moment.nowMillis + moment.quietHoursMillis);
  const readyAtMillis = message.repliedAtMillis + policy.replyEveryMillis;
  return readyAtMillis > moment.nowMillis
    ? hold('notified recently', readyAtMillis)
    : { act: 'reply', reason: 'variant' };
}

function remindOfTenfold(group: Group, _policy: Policy, moment: Moment): Decision | undefined {
  if (unreported(group) === 0 || canChange(group.message, moment) || group.shown === 0) return undefined;
  if (Math.floor(Math.log10(group.count)) <= Math.floor(Math.log10(group.shown))) return undefined;
  return outsideQuietHours(group, moment, { act: 'remind', reason: 'tenfold' });
}

function remindOnSchedule(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  if (unreported(group) === 0 || canChange(group.message, moment)) return undefined;
  const quietAtMillis = group.lastCameAtMillis + policy.quietAfterMillis;
  const dueAtMillis = Math.min(nextReminderAtMillis(group, policy), quietAtMillis);
  if (dueAtMillis > moment.nowMillis) return hold('notified recently', dueAtMillis);
  const reason = quietAtMillis <= moment.nowMillis ? 'quiet' : 'scheduled';
  return outsideQuietHours(group, moment, { act: 'remind', reason });
}

function reportAtClose(group: Group, _policy: Policy, moment: Moment): Decision | undefined {
  if (unreported(group) === 0) return undefined;
  return { act: canChange(group.message, moment) ? 'update' : 'remind', reason: 'closing' };
}

function holdUntilForgotten(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { nowMillis } = moment;
  const quietAtMillis = group.lastCameAtMillis + policy.quietAfterMillis;
  if (quietAtMillis > nowMillis && canChange(group.message, moment)) return hold('nothing new', quietAtMillis);
  const forgottenAtMillis = group.lastCameAtMillis + policy.forgetAfterMillis;
  return forgottenAtMillis > nowMillis ? hold('nothing new', forgottenAtMillis) : undefined;
}

/** Holds a decision during quiet hours, except for FATAL and when the exporter closes. */
function outsideQuietHours(group: Group, moment: Moment, decision: Decision): Decision {
  if (!isInQuietHours(group, moment) || moment.isClosing) return decision;
  return hold('quiet hours', moment.nowMillis + moment.quietHoursMillis);
}

function isInQuietHours({ sample }: Group, { quietHoursMillis }: Moment): boolean {
  return quietHoursMillis > 0 && !isFatal(sample.severityNumber);
}

function hold(reason: HoldReason, untilAtMillis: number): Decision {
  return { act: 'hold', reason, untilAtMillis };
}

/** The records that no message reports yet. */
function unreported({ count, shown }: Group): number {
  return count - shown;
}

/** Returns the first scheduled reminder after the last post. */
export function nextReminderAtMillis(group: Group, { remindAfterMillis, remindEveryMillis }: Policy): number {
  const sinceMillis = group.lastPostedAtMillis - group.firstPostedAtMillis;
  const step = remindAfterMillis.find((afterMillis) => afterMillis > sinceMillis);
  const everyMillis = (Math.floor(sinceMillis / remindEveryMillis) + 1) * remindEveryMillis;
  return group.firstPostedAtMillis + (step ?? everyMillis);
}
