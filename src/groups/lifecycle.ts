import type { Episode, Group, PostedMessage, Status } from './group.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Returns how the current episode ended, if the next record begins a new one; undefined when the episode continues or the
 * group is silenced.
 */
export function howEpisodeEnded(group: Group, policy: Policy, nowMillis: number): Episode['ended'] | undefined {
  if (isSilenced(group, nowMillis)) return undefined;
  if (group.isClosed) return 'closed';
  if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) return 'silenced';
  return hasEnded(group, policy, nowMillis) ? 'quiet' : undefined;
}

/** Whether a reaction silences the group now. */
export function isSilenced({ silencedUntilAtMillis }: Group, nowMillis: number): boolean {
  return silencedUntilAtMillis > nowMillis;
}

/** When messages are posted and updated. All times are in milliseconds. */
export interface Policy {
  /** The shortest time between two updates of a message. Rate limits can make it longer. */
  readonly updateEveryMillis: number;
  /** The times of the first reminders after the first post, where messages cannot be updated. */
  readonly remindAfterMillis: readonly number[];
  /** The time between all further reminders. */
  readonly remindEveryMillis: number;
  /** A problem without records for this long is quiet. The next record begins a new episode. */
  readonly quietAfterMillis: number;
  /** A problem without records for this long is forgotten. */
  readonly forgetAfterMillis: number;
  /** The shortest time between two replies in a thread. */
  readonly replyEveryMillis: number;
  /** The highest number of variants that are posted in a thread. */
  readonly maxReplies: number;
  /** How long a reaction silences a problem. */
  readonly silenceMillis: number;
}

/** The policy of every destination. Tests may use others. */
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

/** Why a group is posted, updated or replied to. */
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
  /** The exporter closes: everything pending is due now. */
  readonly isClosing: boolean;
  /** The labels of blocked endpoints: their messages cannot be updated. */
  readonly blocked: ReadonlySet<string>;
}

/** Whether the episode is over: the group is quiet and has no pending record. */
export function hasEnded(group: Group, { quietAfterMillis }: Policy, nowMillis: number): boolean {
  if (group.postCount === 0 || group.count > group.shown) return false;
  return nowMillis - group.lastCameAtMillis >= quietAfterMillis;
}

/** Returns the status of a group in its current message. */
export function statusOf(group: Group, { quietAfterMillis }: Policy, nowMillis: number): Status {
  // The group stays silenced after the time is over, until the next record begins a new episode.
  if (group.silencedUntilAtMillis > Number.NEGATIVE_INFINITY) return 'silenced';
  if (group.isClosed) return 'closed';
  return nowMillis - group.lastCameAtMillis >= quietAfterMillis ? 'quiet' : 'live';
}

/** Whether the message can be updated now. */
export function canChange(message: PostedMessage | undefined, { blocked }: Moment): message is PostedMessage {
  return message?.ref !== undefined && !message.isFrozen && !blocked.has(message.endpoint);
}
