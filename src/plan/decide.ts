import type { Group } from '../groups/group.js';
import { canChange, type Moment, type Policy, standingOf, type Why } from '../groups/lifecycle.js';
import { severityBand } from '../record/severity.js';

/** Why nothing is said. */
export type HoldReason = 'silenced' | 'quiet hours' | 'said just now' | 'nothing new';

/** What to do with a group. */
export type Decision =
  /** A message of its own; a reminder is one more of what was said before, because that cannot be changed. */
  | { readonly act: 'post' | 'remind'; readonly why: Why }
  /** Change the message in which it stands. */
  | { readonly act: 'update'; readonly why: Why }
  /** Say it in the thread of its message. */
  | { readonly act: 'reply'; readonly why: Why }
  /** Nothing, until then (monotonic milliseconds) or until something comes. */
  | { readonly act: 'hold'; readonly why: HoldReason; readonly untilAtMillis: number }
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
  postWhatIsNotSaid,
  tellEscalation,
  updateWhatChanged,
  replyWithNews,
  remindOfTenfold,
  remindOnSchedule,
  holdUntilForgotten,
];

const CLOSING_RULES: readonly Rule[] = [holdWhileSilenced, postWhatIsNotSaid, sayHowItEnds, holdUntilForgotten];

function holdWhileSilenced({ silencedUntilAtMillis }: Group, _policy: Policy, { nowMillis }: Moment) {
  if (silencedUntilAtMillis <= nowMillis) return undefined;
  return hold('silenced', silencedUntilAtMillis);
}

function postWhatIsNotSaid(group: Group, _policy: Policy, moment: Moment): Decision | undefined {
  if (group.sayings > 0 || group.count === 0) return undefined;
  return inTheDay(group, moment, { act: 'post', why: group.before === undefined ? 'new' : 'regressed' });
}

/** An update wakes nobody: that it got ten times worse is said in the thread, or in a message of its own. */
function tellEscalation(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  if (group.kind === 'loss' || group.sayings === 0 || isCalm(group, moment)) return undefined;
  if (!group.rate.hasGrownTenfold(moment.nowMillis)) return undefined;
  if (!canChange(group.message, moment)) return { act: 'remind', why: 'escalated' };
  if (group.message.kind !== 'single') return { act: 'post', why: 'escalated' };
  const freeAtMillis = group.message.repliedAtMillis + policy.replyEveryMillis;
  return freeAtMillis > moment.nowMillis ? undefined : { act: 'reply', why: 'escalated' };
}

function updateWhatChanged(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { message } = group;
  if (!canChange(message, moment)) return undefined;
  const row = message.rows.get(group.fingerprint);
  const standing = standingOf(group, policy, moment.nowMillis);
  const isChanged = group.count > (row?.count ?? 0) || standing !== row?.standing;
  const freeAtMillis = message.changedAtMillis + policy.updateEveryMillis;
  if (!isChanged) return undefined;
  if (freeAtMillis > moment.nowMillis) return holdUnlessNews(group, policy, moment, freeAtMillis);
  return { act: 'update', why: standing === 'quiet' ? 'quiet' : 'changed' };
}

function holdUnlessNews(group: Group, policy: Policy, moment: Moment, freeAtMillis: number): Decision {
  const reply = replyWithNews(group, policy, moment);
  if (reply?.act !== 'hold') return reply ?? hold('said just now', freeAtMillis);
  return hold('said just now', Math.min(reply.untilAtMillis, freeAtMillis));
}

function replyWithNews(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { message, news, replies } = group;
  if (news === undefined || replies >= policy.mostReplies || !canChange(message, moment)) return undefined;
  if (isCalm(group, moment)) return hold('quiet hours', moment.nowMillis + moment.quietHoursMillis);
  const freeAtMillis = message.repliedAtMillis + policy.replyEveryMillis;
  return freeAtMillis > moment.nowMillis ? hold('said just now', freeAtMillis) : { act: 'reply', why: 'news' };
}

function remindOfTenfold(group: Group, _policy: Policy, moment: Moment): Decision | undefined {
  if (unsaid(group) === 0 || canChange(group.message, moment) || group.shown === 0) return undefined;
  if (Math.floor(Math.log10(group.count)) <= Math.floor(Math.log10(group.shown))) return undefined;
  return inTheDay(group, moment, { act: 'remind', why: 'tenfold' });
}

function remindOnSchedule(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  if (unsaid(group) === 0 || canChange(group.message, moment)) return undefined;
  const quietAtMillis = group.lastCameAtMillis + policy.quietAfterMillis;
  const dueAtMillis = Math.min(nextReminderAtMillis(group, policy), quietAtMillis);
  if (dueAtMillis > moment.nowMillis) return hold('said just now', dueAtMillis);
  const why = quietAtMillis <= moment.nowMillis ? 'quiet' : 'scheduled';
  return inTheDay(group, moment, { act: 'remind', why });
}

function sayHowItEnds(group: Group, _policy: Policy, moment: Moment): Decision | undefined {
  if (unsaid(group) === 0) return undefined;
  return { act: canChange(group.message, moment) ? 'update' : 'remind', why: 'closing' };
}

function holdUntilForgotten(group: Group, policy: Policy, moment: Moment): Decision | undefined {
  const { nowMillis } = moment;
  const quietAtMillis = group.lastCameAtMillis + policy.quietAfterMillis;
  if (quietAtMillis > nowMillis && canChange(group.message, moment)) return hold('nothing new', quietAtMillis);
  const forgottenAtMillis = group.lastCameAtMillis + policy.forgetAfterMillis;
  return forgottenAtMillis > nowMillis ? hold('nothing new', forgottenAtMillis) : undefined;
}

/** In quiet hours only what is FATAL goes out; at the last chance everything does. */
function inTheDay(group: Group, moment: Moment, decision: Decision): Decision {
  if (!isCalm(group, moment) || moment.isClosing) return decision;
  return hold('quiet hours', moment.nowMillis + moment.quietHoursMillis);
}

function isCalm({ sample }: Group, { quietHoursMillis }: Moment): boolean {
  return quietHoursMillis > 0 && severityBand(sample.severityNumber).name !== 'FATAL';
}

function hold(why: HoldReason, untilAtMillis: number): Decision {
  return { act: 'hold', why, untilAtMillis };
}

/** Records that nobody was told of. */
function unsaid({ count, shown }: Group): number {
  return count - shown;
}

/** The first time on the schedule at which nothing was said yet. */
function nextReminderAtMillis(group: Group, { remindAfterMillis, remindEveryMillis }: Policy): number {
  const sinceMillis = group.lastSaidAtMillis - group.firstSaidAtMillis;
  const step = remindAfterMillis.find((afterMillis) => afterMillis > sinceMillis);
  const everyMillis = (Math.floor(sinceMillis / remindEveryMillis) + 1) * remindEveryMillis;
  return group.firstSaidAtMillis + (step ?? everyMillis);
}
