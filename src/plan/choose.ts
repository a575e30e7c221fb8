import type { Group, LiveMessage } from '../groups/group.js';
import { canChange, type Moment, type Policy } from '../groups/lifecycle.js';
import { MOST_DIGEST_ROWS, type Selection } from '../groups/notification.js';
import type { SlackRequest } from '../slack/types.js';
import { type Decided, postOf, replyOf, updateOf } from './build-notification.js';
import { type Decision, decide } from './decide.js';
import { worstThenNewest, worstThenOldest } from './priority.js';

/** What is known when the next thing to say is chosen. */
export interface Situation {
  readonly groups: readonly Group[];
  /** Messages of which something goes on elsewhere, and which do not say so yet. */
  readonly outdated: readonly LiveMessage[];
  readonly policy: Policy;
  readonly moment: Moment;
  /** All that is to be posted goes into one message: somebody waits for it, or it waited for the end of the quiet hours. */
  readonly isGathered: boolean;
  /** Everything that is to be posted goes into this one message, however much it is. Default: false. */
  readonly isAllInOne?: boolean;
  /** Where messages are posted now. */
  readonly place: string;
  /** From when on that can be done there (monotonic milliseconds). */
  readonly readyAtMillis: (act: SlackRequest['act'], place: string) => number;
}

/** What to say now, or when there will be something to say. */
export interface Plan {
  /** Where something can be said now; undefined when there is nothing. */
  readonly place: string | undefined;
  /** A message of which the reactions are to be read first: more came since that was done, and they may be answers. */
  readonly look: LiveMessage | undefined;
  /** What it is. Made when it is asked for: with many groups that takes its time. */
  readonly selection: Selection | undefined;
  /** When what is to be said already can be said, threads aside; infinite when there is nothing. */
  readonly dueAtMillis: number;
  /** When to choose again, if nothing comes before. */
  readonly wakeAtMillis: number;
  readonly forgotten: readonly Group[];
}

/** Up to so many groups wait for a message each (one a second); more are collapsed into one. */
export const MOST_SINGLE_MESSAGES = 5;
/** So many digests in a row name all that waits; when it would take more, one names the worst and counts the others. */
const MOST_DIGESTS = 4;
/** Up to so many messages are updated at the very end; what more have changed is told in one message. */
const MOST_LAST_UPDATES = 5;
/** At the very end a post that has to wait for longer may never be made. */
const SOON_MILLIS = 2_000;
/** What has waited so long to be updated goes before what has changed more. */
const LONG_WAIT_MILLIS = 60_000;

/** Decides for each group, and takes what comes first: what is to be posted, then what has changed, then the threads. */
export function choose(situation: Situation): Plan {
  const { moment, policy } = situation;
  const decided = situation.groups.map((group) => ({ group, decision: decide(group, policy, moment) }));
  const acting = (...acts: readonly Decision['act'][]): readonly Decided[] =>
    decided.filter(({ decision }) => acts.includes(decision.act));
  const { posts, changes } = sorted(acting('post', 'remind'), acting('update'), situation);
  const postAtMillis = posts.length > 0 ? situation.readyAtMillis('post', situation.place) : NEVER;
  const dueAtMillis = Math.min(postAtMillis, ...changes.map(({ readyAtMillis }) => readyAtMillis));
  const replies = repliesOf(acting('reply'), situation);
  const choice =
    (postAtMillis <= moment.nowMillis ? chosenPost(posts, situation) : undefined) ??
    chosenLook(situation) ??
    chosenUpdate(changes, situation) ??
    chosenReply(replies, situation);
  let selection: Selection | undefined;
  return {
    place: choice?.place,
    look: choice?.look,
    get selection() {
      selection ??= choice?.make?.();
      return selection;
    },
    dueAtMillis,
    wakeAtMillis: Math.min(
      dueAtMillis,
      ...replies.map(({ readyAtMillis }) => readyAtMillis),
      ...decided.map(({ decision }) => (decision.act === 'hold' ? decision.untilAtMillis : NEVER)),
      ...situation.outdated
        .map((message) => updatableAtMillis(message, situation))
        .filter((atMillis) => atMillis > moment.nowMillis),
    ),
    forgotten: acting('forget').map(({ group }) => group),
  };
}

/** What is said next, before it is made. */
interface Choice {
  readonly place: string;
  readonly look?: LiveMessage;
  readonly make?: () => Selection;
}

const NEVER = Number.POSITIVE_INFINITY;

/** A message to be updated or replied to, when that can be done, and the groups that gave the occasion. */
interface Change {
  readonly message: LiveMessage;
  readonly readyAtMillis: number;
  readonly decided: readonly Decided[];
}

/** At the very end there is no time for many updates: then one message tells what would have stood in them. */
function sorted(posts: readonly Decided[], updates: readonly Decided[], situation: Situation) {
  const { moment, isAllInOne = false } = situation;
  const changes = changesOf(updates, situation);
  const isTooMuch =
    changes.length > MOST_LAST_UPDATES || changes.some(({ readyAtMillis }) => readyAtMillis > moment.nowMillis);
  // Unless Slack takes no post for long: then what can be updated is.
  const canPost = situation.readyAtMillis('post', situation.place) <= moment.nowMillis + SOON_MILLIS;
  if (moment.isClosing && (isAllInOne || (isTooMuch && canPost))) return { posts: [...posts, ...updates], changes: [] };
  return { posts, changes };
}

function changesOf(updates: readonly Decided[], situation: Situation): readonly Change[] {
  const { outdated, moment, readyAtMillis } = situation;
  const byMessage = new Map<LiveMessage, Decided[]>();
  for (const message of outdated) {
    if (updatableAtMillis(message, situation) <= moment.nowMillis) byMessage.set(message, []);
  }
  for (const one of updates) {
    const message = one.group.message as LiveMessage;
    const known = byMessage.get(message);
    if (known) known.push(one);
    else byMessage.set(message, [one]);
  }
  return [...byMessage].map(([message, decided]) => ({
    message,
    decided,
    readyAtMillis: readyAtMillis('update', message.place),
  }));
}

function repliesOf(replies: readonly Decided[], { readyAtMillis }: Situation): readonly Change[] {
  return replies.map((one) => {
    const message = one.group.message as LiveMessage;
    return { message, decided: [one], readyAtMillis: readyAtMillis('post', message.place) };
  });
}

function updatableAtMillis(message: LiveMessage, { policy, moment }: Situation): number {
  if (moment.isClosing || !canChange(message, moment)) return NEVER;
  return message.changedAtMillis + policy.updateEveryMillis;
}

function chosenPost(posts: readonly Decided[], situation: Situation): Choice | undefined {
  if (posts.length === 0) return undefined;
  return { place: situation.place, make: () => madePost(posts, situation) };
}

function madePost(posts: readonly Decided[], situation: Situation): Selection {
  if (posts.length > MOST_SINGLE_MESSAGES) return postOf('digest', inDigest(posts, situation), situation);
  const ordered = posts.toSorted(worstThenOldest);
  if (situation.isGathered && ordered.length > 1) return postOf('several', ordered, situation);
  return postOf('single', ordered.slice(0, 1), situation);
}

/** Digests in a row are of one length, so that none is left with a few for which a message each would be posted. */
function inDigest(posts: readonly Decided[], { isAllInOne = false }: Situation): readonly Decided[] {
  const ordered = posts.toSorted(worstThenNewest);
  const digests = Math.ceil(ordered.length / MOST_DIGEST_ROWS);
  return isAllInOne || digests > MOST_DIGESTS ? ordered : ordered.slice(0, Math.ceil(ordered.length / digests));
}

/**
 * Reactions are read as soon as something new is to be told, not when it is told: so what was answered before it came is
 * known from what was answered after.
 */
function chosenLook({ groups, moment, readyAtMillis }: Situation): Choice | undefined {
  if (moment.isClosing) return undefined;
  const waiting = groups
    .filter(
      ({ message, waitingSinceAtMillis = NEVER_SINCE }) => (message?.lookedAtMillis ?? NEVER) < waitingSinceAtMillis,
    )
    .sort((a, b) => (a.waitingSinceAtMillis ?? 0) - (b.waitingSinceAtMillis ?? 0));
  for (const { message } of waiting) {
    if (!canChange(message, moment) || readyAtMillis('look', message.place) > moment.nowMillis) continue;
    return { place: message.place, look: message };
  }
  return undefined;
}

const NEVER_SINCE = Number.NEGATIVE_INFINITY;

function chosenUpdate(changes: readonly Change[], situation: Situation): Choice | undefined {
  const { nowMillis } = situation.moment;
  const [change] = changes
    .filter(({ readyAtMillis }) => readyAtMillis <= nowMillis)
    .sort(longestWaitThenBiggest(nowMillis));
  return change && { place: change.message.place, make: () => updateOf(change.message, change.decided, situation) };
}

function chosenReply(replies: readonly Change[], { moment }: Situation): Choice | undefined {
  const [first] = replies
    .filter(({ readyAtMillis }) => readyAtMillis <= moment.nowMillis)
    .flatMap(({ decided }) => decided)
    .sort(worstThenOldest);
  const message = first?.group.message;
  return first && message && { place: message.place, make: () => replyOf(first, message, moment) };
}

function longestWaitThenBiggest(nowMillis: number): (a: Change, b: Change) => number {
  // Of a message in which nothing came, only how things stand is to be told; it has waited since it was changed last.
  const sinceMillis = ({ message, decided }: Change): number =>
    decided.length === 0
      ? message.changedAtMillis
      : Math.min(...decided.map(({ group }) => group.waitingSinceAtMillis ?? message.changedAtMillis));
  const isLong = (change: Change): number => (nowMillis - sinceMillis(change) > LONG_WAIT_MILLIS ? 0 : 1);
  const size = ({ decided }: Change): number => decided.reduce((sum, { group }) => sum + group.count - group.shown, 0);
  return (a, b) => isLong(a) - isLong(b) || size(b) - size(a);
}
