import {
  canChange,
  type Group,
  MAX_DIGEST_ROWS,
  type Moment,
  type Notification,
  type Policy,
  type PostedMessage,
} from '../groups/index.js';
import type { SlackRequest } from '../slack/index.js';
import { type GroupDecision, postOf, replyOf, updateOf } from './build-notification.js';
import { type Decision, decide } from './decide.js';
import { type Caution, isolate, NO_CAUTION } from './isolate.js';
import { worstThenNewest, worstThenOldest } from './priority.js';

/** Everything that the choice depends on. */
export interface PlanInput {
  readonly groups: readonly Group[];
  /** Messages that must be updated though none of their groups has new records: a problem moved on or was answered. */
  readonly outdated: readonly PostedMessage[];
  readonly policy: Policy;
  readonly moment: Moment;
  /** Pending posts share one message: a flush is waiting, quiet hours have ended, or a digest was posted just before. */
  readonly isGathered: boolean;
  /** All pending posts go into one message, however many they are. Default: false. */
  readonly isAllInOne?: boolean;
  /** How far failures limit the next post. Default: nothing has failed. */
  readonly caution?: Caution;
  /** The label of the endpoint that new messages go to. */
  readonly endpoint: string;
  /** When an endpoint takes such a request, in monotonic milliseconds. */
  readonly readyAtMillis: (act: SlackRequest['act'], endpoint: string) => number;
}

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
/** Pending groups are spread over at most this many digests, with a line each. If they need more, one digest counts the rest. */
const MAX_DIGESTS = 4;
/** When the exporter closes, up to this many messages are updated. If more have changed, one post reports them. */
const MAX_CLOSING_UPDATES = 5;
/** When the exporter closes, a post that must wait longer than this may come too late. */
const MAX_CLOSING_WAIT_MILLIS = 2_000;
/** An update that has waited this long goes before updates with more new records. */
const LONG_WAIT_MILLIS = 60_000;

/**
 * Decides for each group and chooses what goes out first: posts, then reactions to read, then updates, then thread
 * replies. Pure.
 */
export function choose(input: PlanInput): Plan {
  const { moment, policy } = input;
  const decided = input.groups.map((group) => ({ group, decision: decide(group, policy, moment) }));
  const acting = (...acts: readonly Decision['act'][]): readonly GroupDecision[] =>
    decided.filter(({ decision }) => acts.includes(decision.act));
  const { posts: allPosts, changes } = separate(acting('post', 'remind'), acting('update'), input);
  const { posts, readyAtMillis } = isolate(allPosts, moment, cautionOf(input));
  const postAtMillis =
    allPosts.length > 0 ? Math.max(readyAtMillis, input.readyAtMillis('post', input.endpoint)) : NEVER;
  const dueAtMillis = Math.min(postAtMillis, ...changes.map(({ readyAtMillis }) => readyAtMillis));
  const replies = repliesOf(acting('reply'), input);
  return {
    next:
      (postAtMillis <= moment.nowMillis ? nextPost(posts, input) : undefined) ??
      nextReactions(input) ??
      nextUpdate(changes, input) ??
      nextReply(replies, input),
    dueAtMillis,
    wakeAtMillis: Math.min(
      dueAtMillis,
      ...replies.map(({ readyAtMillis }) => readyAtMillis),
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

/** A message to be updated or replied to, from when on that is possible, and the groups that cause it. */
interface Change {
  readonly message: PostedMessage;
  readonly readyAtMillis: number;
  readonly decided: readonly GroupDecision[];
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

function changesOf(updates: readonly GroupDecision[], input: PlanInput): readonly Change[] {
  const { outdated, moment, readyAtMillis } = input;
  const byMessage = new Map<PostedMessage, GroupDecision[]>();
  for (const message of outdated) {
    if (updatableAtMillis(message, input) <= moment.nowMillis) byMessage.set(message, []);
  }
  for (const one of updates) {
    const message = one.group.message as PostedMessage;
    const known = byMessage.get(message);
    if (known) known.push(one);
    else byMessage.set(message, [one]);
  }
  return [...byMessage].map(([message, decided]) => ({
    message,
    decided,
    readyAtMillis: Math.max(readyAtMillis('update', message.endpoint), message.standing.heldUntilAtMillis),
  }));
}

function repliesOf(replies: readonly GroupDecision[], { readyAtMillis }: PlanInput): readonly Change[] {
  return replies.map((one) => {
    const message = one.group.message as PostedMessage;
    return { message, decided: [one], readyAtMillis: readyAtMillis('post', message.endpoint) };
  });
}

function updatableAtMillis(message: PostedMessage, { policy, moment }: PlanInput): number {
  if (moment.isClosing || !canChange(message, moment)) return NEVER;
  return Math.max(message.changedAtMillis + policy.updateEveryMillis, message.standing.heldUntilAtMillis);
}

function nextPost(posts: readonly GroupDecision[], input: PlanInput): NextStep | undefined {
  if (posts.length === 0) return undefined;
  return { act: 'notify', endpoint: input.endpoint, build: () => buildPost(posts, input) };
}

function buildPost(posts: readonly GroupDecision[], given: PlanInput): Notification {
  const input = { ...given, caution: cautionOf(given) };
  if (posts.length > MAX_SINGLE_MESSAGES) return postOf('digest', inDigest(posts, input), input);
  const ordered = posts.toSorted(worstThenOldest);
  // A digest shows only the counts of what failed before.
  const isMixed = input.caution.isLastRequest && ordered.some(({ group }) => group.standing.failures > 0);
  if (isMixed && ordered.length > 1) return postOf('digest', ordered, input);
  if (input.isGathered && ordered.length > 1) return postOf('several', ordered, input);
  return postOf('single', ordered.slice(0, 1), input);
}

/** Digests in a row have the same length, so that none is left with a few groups that would be posted one by one. */
function inDigest(posts: readonly GroupDecision[], { isAllInOne = false }: PlanInput): readonly GroupDecision[] {
  const ordered = posts.toSorted(worstThenNewest);
  const digests = Math.ceil(ordered.length / MAX_DIGEST_ROWS);
  return isAllInOne || digests > MAX_DIGESTS ? ordered : ordered.slice(0, Math.ceil(ordered.length / digests));
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
  const [change] = changes
    .filter(({ readyAtMillis }) => readyAtMillis <= nowMillis)
    .sort(longestWaitThenBiggest(nowMillis));
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

function longestWaitThenBiggest(nowMillis: number): (a: Change, b: Change) => number {
  // An outdated message without new records has waited since its last change.
  const sinceMillis = ({ message, decided }: Change): number =>
    decided.length === 0
      ? message.changedAtMillis
      : Math.min(...decided.map(({ group }) => group.waitingSinceAtMillis ?? message.changedAtMillis));
  const isLong = (change: Change): number => (nowMillis - sinceMillis(change) > LONG_WAIT_MILLIS ? 0 : 1);
  const size = ({ decided }: Change): number => decided.reduce((sum, { group }) => sum + group.count - group.shown, 0);
  // An update that failed goes last, so that it delays no other.
  const failures = ({ message }: Change): number => message.standing.failures;
  return (a, b) => failures(a) - failures(b) || isLong(a) - isLong(b) || size(b) - size(a);
}
