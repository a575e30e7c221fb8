import type { Episode, Group, PostedMessage, Status } from './group.js';
import type { Policy } from './policy.js';

/**
 * Returns why the next record begins a new episode: the problem was quiet, closed or silenced. Returns `undefined` when the
 * record belongs to the current episode; while the group is silenced, it does.
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
