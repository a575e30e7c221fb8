import type { Group } from '../groups/group.js';
import { canChange, type Moment, type Policy, type Reason, statusOf } from '../groups/lifecycle.js';
import { isFatal } from '../record/severity.js';

/** Why nothing is said. */
export type HoldReason = 'silenced' | 'quiet hours' | 'said just now' | 'nothing new';

/** What to do with a group. */
export type Decision =
  /** A message of its own; a reminder is one more of what was said before, because that cannot be changed. */
  | { readonly act: 'post' | 'remind'; readonly reason: Reason }
  /** Change the message in which it stands. */
  | { readonly act: 'update'; readonly reason: Reason }
  /** Say it in the thread of its message. */
  | { readonly act: 'reply'; readonly reason: Reason }
  /** Nothing, until then (monotonic milliseconds) or until something comes. */
  | { readonly act: 'hold'; readonly reason: HoldReason; readonly untilAtMillis: number }
  | { readonly act: 'forget' };

type Rule = (group: Group, policy: Policy, moment: Moment) => Decision | undefined;

/** What to do with a group: the first rule that has a say. Pure. */
export function decide(group: Group, policy: Policy, moment: Moment): Decision {
  for (const rule of moment.isClosing ? CLOSING_RULES : RULES) {
    const decision = rule(group, policy, moment);
    if (decision !== undefined) return decision;
  }
  return { act: 'forget' };
}

/** From what matters most to what matters least. */
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

/** An update wakes nobody: that it got ten times worse is said in the thread, or in a message of its own. */
function reportEscalation(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  if (group.kind === 'loss' || group.postCount === 0 || isInQuietHours(group, moment)) return undefined;
  if (!group.rate.hasGrownTenfold(moment.nowMillis)) return undefined;
  if (!canChange(group.message, moment)) return { act: 'remind', reason: 'escalated' };
  if (group.message.kind !== 'single') return { act: 'post', reason: 'escalated' };
  const freeAtMillis = group.message.repliedAtMillis + policy.replyEveryMillis;
  return freeAtMillis > moment.nowMillis ? undefined : { act: 'reply', reason: 'escalated' };
}

function updateChanged(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { message } = group;
  if (!canChange(message, moment)) return undefined;
  const row = message.rows.get(group.fingerprint);
  const standing = statusOf(group, policy, moment.nowMillis);
  const isChanged = group.count > (row?.count ?? 0) || standing !== row?.status;
  const freeAtMillis = message.changedAtMillis + policy.updateEveryMillis;
  if (!isChanged) return undefined;
  if (freeAtMillis > moment.nowMillis) return holdUnlessVariant(group, policy, moment, freeAtMillis);
  return { act: 'update', reason: standing === 'quiet' ? 'quiet' : 'changed' };
}

function holdUnlessVariant(group: Group, policy: Policy, moment: Moment, freeAtMillis: number): Decision {
  const reply = replyWithVariant(group, policy, moment);
  if (reply?.act !== 'hold') return reply ?? hold('said just now', freeAtMillis);
  return hold('said just now', Math.min(reply.untilAtMillis, freeAtMillis));
}

function replyWithVariant(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { message, variant, replies } = group;
  if (variant === undefined || replies >= policy.maxReplies || !canChange(message, moment)) return undefined;
  if (isInQuietHours(group, moment)) return hold('quiet hours', moment.nowMillis + moment.quietHoursMillis);
  const freeAtMillis = message.repliedAtMillis + policy.replyEveryMillis;
  return freeAtMillis > moment.nowMillis ? hold('said just now', freeAtMillis) : { act: 'reply', reason: 'variant' };
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
  if (dueAtMillis > moment.nowMillis) return hold('said just now', dueAtMillis);
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

/** In quiet hours only what is FATAL goes out; at the last chance everything does. */
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

/** Records that nobody was told of. */
function unreported({ count, shown }: Group): number {
  return count - shown;
}

/** The first time on the schedule at which nothing was said yet. */
function nextReminderAtMillis(group: Group, { remindAfterMillis, remindEveryMillis }: Policy): number {
  const sinceMillis = group.lastPostedAtMillis - group.firstPostedAtMillis;
  const step = remindAfterMillis.find((afterMillis) => afterMillis > sinceMillis);
  const everyMillis = (Math.floor(sinceMillis / remindEveryMillis) + 1) * remindEveryMillis;
  return group.firstPostedAtMillis + (step ?? everyMillis);
}
