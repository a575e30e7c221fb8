import type { Episode, Group, PostedMessage, Status } from './group.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Why what comes now begins a new episode of the problem; undefined when it does not, or when nobody wants to hear of it. */
export function howEpisodeEnded(group: Group, policy: Policy, nowMillis: number): Episode['ended'] | undefined {
  if (isSilenced(group, nowMillis)) return undefined;
  if (group.isClosed) return 'closed';
  if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) return 'silenced';
  return hasEnded(group, policy, nowMillis) ? 'quiet' : undefined;
}

/** Whether somebody wants to hear nothing of it now. */
export function isSilenced({ silencedUntilAtMillis }: Group, nowMillis: number): boolean {
  return silencedUntilAtMillis > nowMillis;
}

/** What is said and when: all numbers in milliseconds. */
export interface Policy {
  /** A message is updated no more often. When Slack's budget for updates is used up it takes longer. */
  readonly updateEveryMillis: number;
  /** Where nothing can be updated, what goes on is said again so long after the first time … */
  readonly remindAfterMillis: readonly number[];
  /** … and then so often. */
  readonly remindEveryMillis: number;
  /** A problem of which nothing came for so long is quiet; what comes after that is news again. */
  readonly quietAfterMillis: number;
  /** A problem of which nothing came for so long is no longer known. */
  readonly forgetAfterMillis: number;
  readonly replyEveryMillis: number;
  readonly maxReplies: number;
  /** How long a reaction silences a problem. */
  readonly silenceMillis: number;
}

/** The policy of the house. */
export const POLICY: Policy = {
  updateEveryMillis: 10 * SECOND,
  remindAfterMillis: [1 * MINUTE, 5 * MINUTE, 30 * MINUTE, 60 * MINUTE],
  remindEveryMillis: HOUR,
  quietAfterMillis: 30 * MINUTE,
  forgetAfterMillis: 24 * HOUR,
  replyEveryMillis: MINUTE,
  maxReplies: 5,
  silenceMillis: 24 * HOUR,
};

/** Why something is said. */
export type Reason =
  | 'new'
  | 'regressed'
  | 'escalated'
  | 'changed'
  | 'tenfold'
  | 'scheduled'
  | 'quiet'
  | 'variant'
  | 'closing';
/** What a decision depends on besides the group. */
export interface Moment {
  /** Monotonic milliseconds. */
  readonly nowMillis: number;
  /** Milliseconds until the quiet hours are checked again; 0 outside them. */
  readonly quietHoursMillis: number;
  /** It is the last chance: say how it ends. */
  readonly isClosing: boolean;
  /** Places where a person must mend something first: their messages cannot be changed. */
  readonly blocked: ReadonlySet<string>;
}

/** Whether what comes now is the problem coming back: it was quiet, and everything of it was said. */
export function hasEnded(group: Group, { quietAfterMillis }: Policy, nowMillis: number): boolean {
  if (group.postCount === 0 || group.count > group.shown) return false;
  return nowMillis - group.lastCameAtMillis >= quietAfterMillis;
}

/** How things stand with a group, in a word. */
export function statusOf(group: Group, { quietAfterMillis }: Policy, nowMillis: number): Status {
  // Also when the time is over, until the next record begins a new episode.
  if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) return 'silenced';
  if (group.isClosed) return 'closed';
  return nowMillis - group.lastCameAtMillis >= quietAfterMillis ? 'quiet' : 'live';
}

/** Whether Slack lets us change the message now. */
export function canChange(message: PostedMessage | undefined, { blocked }: Moment): message is PostedMessage {
  return message?.ref !== undefined && !message.isFrozen && !blocked.has(message.endpoint);
}
