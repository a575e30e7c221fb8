import { canChange, type Group, MAX_DIGEST_ROWS, type Notification, type PostedMessage } from '../groups/index.js';
import { isFatal } from '../record/index.js';
import { type GroupDecision, postOf, replyOf, updateOf } from './build-notification.js';
import { type Change, changesOf, inOrderOfUpdates, updatableAtMillis, withGathered } from './changes.js';
import { type Decision, decide } from './decide.js';
import { isLate } from './freshness.js';
import { type Gathering, gather } from './gather.js';
import { type Caution, isolate, NO_CAUTION } from './isolate.js';
import type { PlanInput } from './plan-input.js';
import { byDeadline, worstThenNewest, worstThenOldest } from './priority.js';

/** What to send next. */
export type NextStep =
  /** Send a notification. `build` is called only once the endpoint is free, because it is slow with many groups. */
  | { readonly act: 'notify'; readonly endpoint: string; readonly build: () => Notification }
  /** Read the reactions of a message first: records came since they were read, and a reaction may be an answer. */
  | { readonly act: 'reactions'; readonly endpoint: string; readonly message: PostedMessage };

/** What to send next, or when there is something to send. All times are monotonic milliseconds. */
export interface Plan {
  /** `undefined` when nothing can be sent now. */
  readonly next: NextStep | undefined;
  /** When the first pending post or update can be sent, thread replies aside; infinite when none is pending. */
  readonly dueAtMillis: number;
  /** When to choose again, if no record comes before. */
  readonly wakeAtMillis: number;
  /** Groups to forget. */
  readonly forgotten: readonly Group[];
}

/** Up to this many pending groups are posted as one message each, one a second. More share a digest. */
export const MAX_SINGLE_MESSAGES = 5;
/** Up to this many pending groups are spread over digests, with a line each. Of more, one digest counts the rest. */
const MAX_LISTED = 8 * MAX_DIGEST_ROWS;
/** When the exporter closes, up to this many messages are updated. If more have changed, one post reports them. */
const MAX_CLOSING_UPDATES = 5;
/** When the exporter closes, a post that must wait longer than this may come too late. */
const MAX_CLOSING_WAIT_MILLIS = 2_000;

/**
 * Decides for each group and chooses what goes out first: posts, then reactions to read, then updates, then thread
 * replies. Among posts and among updates, the record with the nearest deadline goes first. Groups that cannot be kept
 * fresh one by one move into a digest before everything else. Pure.
 */
export function choose(input: PlanInput): Plan {
  const { moment, policy } = input;
  const decided = input.groups.map((group) => ({ group, decision: decide(group, policy, moment) }));
  const acting = (...acts: readonly Decision['act'][]): readonly GroupDecision[] =>
    decided.filter(({ decision }) => acts.includes(decision.act));
  const updates = [...acting('update'), ...lateReplies(acting('reply'), input)];
  const { posts: allPosts, changes: single } = separate(acting('post', 'remind'), updates, input);
  const { posts, readyAtMillis } = isolate(allPosts, moment, cautionOf(input));
  const gatherings = gather(input);
  const changes = withGathered(single, gatherings, input);
  const postAtMillis =
    allPosts.length > 0 ? Math.max(readyAtMillis, input.readyAtMillis('post', input.endpoint)) : NEVER;
  const dueAtMillis = Math.min(postAtMillis, ...changes.map(({ readyAtMillis }) => readyAtMillis));
  const replies = repliesOf(acting('reply'), input);
  return {
    next:
      nextDigest(gatherings, input) ??
      (postAtMillis <= moment.nowMillis ? nextPost(posts, input) : undefined) ??
      nextReactions(input) ??
      nextUpdate(changes, input) ??
      nextReply(replies, input),
    dueAtMillis,
    wakeAtMillis: Math.min(
      dueAtMillis,
      ...replies.map(({ readyAtMillis }) => readyAtMillis),
      hasNewDigest(gatherings) ? input.readyAtMillis('post', input.endpoint) : NEVER,
      ...decided.map(({ decision }) => (decision.act === 'hold' ? decision.untilAtMillis : NEVER)),
      ...input.outdated
        .map((message) => updatableAtMillis(message, input))
        .filter((atMillis) => atMillis > moment.nowMillis),
    ),
    forgotten: acting('forget').map(({ group }) => group),
  };
}

const NEVER = Number.POSITIVE_INFINITY;

/** The last message of a process holds everything, whatever failed before. */
function cautionOf({ caution = NO_CAUTION, moment, isAllInOne = false }: PlanInput): Caution {
  return moment.isClosing && isAllInOne ? { ...caution, isLastRequest: true } : caution;
}

/** Separates posts and updates. When the exporter closes there is no time for many updates, so one post replaces them. */
function separate(posts: readonly GroupDecision[], updates: readonly GroupDecision[], input: PlanInput) {
  const { moment, isAllInOne = false } = input;
  const changes = changesOf(updates, input);
  const isTooMuch =
    changes.length > MAX_CLOSING_UPDATES || changes.some(({ readyAtMillis }) => readyAtMillis > moment.nowMillis);
  // If the rate limit allows no post soon, the updates that are possible are sent.
  const canPost = input.readyAtMillis('post', input.endpoint) <= moment.nowMillis + MAX_CLOSING_WAIT_MILLIS;
  if (moment.isClosing && (isAllInOne || (isTooMuch && canPost))) return { posts: [...posts, ...updates], changes: [] };
  return { posts, changes };
}

/**
 * A reply about a tenfold rate waits for the channel, and the message of its group meanwhile for the reply. A late
 * message is updated without waiting.
 */
function lateReplies(replies: readonly GroupDecision[], input: PlanInput): readonly GroupDecision[] {
  const { nowMillis } = input.moment;
  return replies
    .filter(
      ({ group }) => isLate(group, nowMillis) && updatableAtMillis(group.message as PostedMessage, input) <= nowMillis,
    )
    .map(({ group }) => ({ group, decision: { act: 'update', reason: 'changed' } }));
}

function repliesOf(replies: readonly GroupDecision[], { readyAtMillis }: PlanInput): readonly Change[] {
  return replies.map((one) => {
    const message = one.group.message as PostedMessage;
    return { message, decided: [one], readyAtMillis: readyAtMillis('post', message.endpoint) };
  });
}

function hasNewDigest(gatherings: readonly Gathering[]): boolean {
  return gatherings.some(({ digest }) => digest === undefined);
}

/** Posts a digest of groups that had messages of their own. */
function nextDigest(gatherings: readonly Gathering[], input: PlanInput): NextStep | undefined {
  const gathering = gatherings.find(({ digest }) => digest === undefined);
  if (gathering === undefined) return undefined;
  if (input.readyAtMillis('post', input.endpoint) > input.moment.nowMillis) return undefined;
  const decided = gathering.decided.toSorted(worstThenNewest);
  return { act: 'notify', endpoint: input.endpoint, build: () => postOf('digest', decided, input) };
}

function nextPost(posts: readonly GroupDecision[], input: PlanInput): NextStep | undefined {
  if (posts.length === 0) return undefined;
  return { act: 'notify', endpoint: input.endpoint, build: () => buildPost(posts, input) };
}

function buildPost(all: readonly GroupDecision[], given: PlanInput): Notification {
  const input = { ...given, caution: cautionOf(given) };
  const posts = listable(all, input);
  if (posts.length > MAX_SINGLE_MESSAGES) return postOf('digest', inDigest(posts, input), input);
  // A digest shows only the counts of what failed before.
  const isMixed = input.caution.isLastRequest && posts.some(({ group }) => group.standing.failures > 0);
  if (isMixed && posts.length > 1) return postOf('digest', posts.toSorted(worstThenOldest), input);
  if (input.isGathered && posts.length > 1) return postOf('several', posts.toSorted(worstThenOldest), input);
  return postOf('single', posts.toSorted(byDeadline(input)).slice(0, 1), input);
}

/** Of more groups than all digests can list, the FATAL ones go first, so that each has a line, unless others are late. */
function listable(posts: readonly GroupDecision[], { isAllInOne, moment }: PlanInput): readonly GroupDecision[] {
  if (posts.length <= MAX_LISTED || isAllInOne === true || moment.isClosing) return posts;
  const isOther = ({ group }: GroupDecision): boolean => !isFatal(group.sample.severityNumber);
  const fatal = posts.filter((post) => !isOther(post));
  const areOthersLate = posts.some((post) => isOther(post) && isLate(post.group, moment.nowMillis));
  return fatal.length === 0 || fatal.length > MAX_LISTED || areOthersLate ? posts : fatal;
}

/** Digests in a row have the same length, so that none is left with a few groups that would be posted one by one. */
function inDigest(posts: readonly GroupDecision[], input: PlanInput): readonly GroupDecision[] {
  const digests = Math.ceil(posts.length / MAX_DIGEST_ROWS);
  const isOne = input.isAllInOne === true || posts.length > MAX_LISTED;
  const chosen = isOne ? posts : posts.toSorted(byDeadline(input)).slice(0, Math.ceil(posts.length / digests));
  return chosen.toSorted(worstThenNewest);
}

/**
 * Reactions are read as soon as a group has new records, not when they are reported. So a reaction from before these
 * records can be distinguished from a later one.
 */
function nextReactions({ groups, moment, readyAtMillis }: PlanInput): NextStep | undefined {
  if (moment.isClosing) return undefined;
  const waiting = groups
    .filter(
      ({ message, waitingSinceAtMillis = NEVER_SINCE }) =>
        (message?.reactionsReadAtMillis ?? NEVER) < waitingSinceAtMillis,
    )
    .sort((a, b) => (a.waitingSinceAtMillis ?? 0) - (b.waitingSinceAtMillis ?? 0));
  for (const { message } of waiting) {
    if (!canChange(message, moment) || readyAtMillis('reactions', message.endpoint) > moment.nowMillis) continue;
    return { act: 'reactions', endpoint: message.endpoint, message };
  }
  return undefined;
}

const NEVER_SINCE = Number.NEGATIVE_INFINITY;

function nextUpdate(changes: readonly Change[], input: PlanInput): NextStep | undefined {
  const { nowMillis } = input.moment;
  const ready = changes.filter(({ readyAtMillis }) => readyAtMillis <= nowMillis);
  const [change] = inOrderOfUpdates(ready, nowMillis);
  if (change === undefined) return undefined;
  const { message, decided } = change;
  return { act: 'notify', endpoint: message.endpoint, build: () => updateOf(message, decided, input) };
}

function nextReply(replies: readonly Change[], { moment }: PlanInput): NextStep | undefined {
  const [first] = replies
    .filter(({ readyAtMillis }) => readyAtMillis <= moment.nowMillis)
    .flatMap(({ decided }) => decided)
    .sort(worstThenOldest);
  const message = first?.group.message;
  if (first === undefined || message === undefined) return undefined;
  return { act: 'notify', endpoint: message.endpoint, build: () => replyOf(first, message, moment) };
}
