import type { MessageRef } from '../../slack/index.js';
import type { Group, PostedMessage } from '../group.js';
import { GOOD_STANDING } from '../standing/standing.js';
import { isTime } from './group-codec.js';

/**
 * The notification state of a group that has its own message, saved so that the next process can continue the message.
 * All fields are JSON values. Times are milliseconds since 1970.
 */
export interface SavedNotification {
  readonly id: string;
  readonly endpoint: string;
  readonly messageId: string;
  readonly ref: MessageRef | undefined;
  /** The records that the message shows, and the part of them that an earlier message already reports. */
  readonly count: number;
  readonly alreadyReported: number;
  readonly postCount: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  readonly firstPostedMillis: number;
  readonly lastPostedMillis: number;
  readonly mentionedMillis: number | undefined;
  readonly silencedUntilMillis: number | undefined;
  readonly isClosed: boolean;
}

/** One moment on both clocks. */
export interface BothClocks {
  /** Milliseconds since 1970. */
  readonly wallMillis: number;
  /** Monotonic milliseconds. */
  readonly atMillis: number;
}

/** Encodes the notification state of a group. Returns undefined when the group has no own message that can be continued. */
export function encodeNotification(group: Group, now: BothClocks): SavedNotification | undefined {
  const { kind, fingerprint, message } = group;
  const row = message?.rows.get(fingerprint);
  if (kind !== 'problem' || message?.kind !== 'single' || message.isFrozen || row === undefined) return undefined;
  const wall = (atMillis: number): number => now.wallMillis - (now.atMillis - atMillis);
  const wallOr = (atMillis: number): number | undefined => (Number.isFinite(atMillis) ? wall(atMillis) : undefined);
  return {
    id: group.id,
    endpoint: message.endpoint,
    messageId: row.messageId,
    ref: message.ref,
    count: group.shown,
    alreadyReported: row.alreadyReported,
    postCount: group.postCount,
    firstSeenMillis: group.firstSeenMillis,
    lastSeenMillis: group.lastSeenMillis,
    firstPostedMillis: wall(group.firstPostedAtMillis),
    lastPostedMillis: wall(group.lastPostedAtMillis),
    mentionedMillis: wallOr(group.mentionedAtMillis),
    silencedUntilMillis: wallOr(group.silencedUntilAtMillis),
    isClosed: group.isClosed,
  };
}

/** Decodes a saved state, which any version of this package may have written. Returns undefined when it is invalid. */
export function decodeNotification(value: unknown): SavedNotification | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<keyof SavedNotification, unknown>>;
  const { id, endpoint, messageId, ref, mentionedMillis, silencedUntilMillis } = fields;
  if (typeof id !== 'string' || typeof endpoint !== 'string' || typeof messageId !== 'string') return undefined;
  if (!COUNTS.every((name) => Number.isFinite(fields[name])) || !TIMES.every((name) => isTime(fields[name])))
    return undefined;
  const { channel, ts } = (ref ?? {}) as Readonly<Record<string, unknown>>;
  const isRef = typeof channel === 'string' && typeof ts === 'string';
  return {
    ...(value as SavedNotification),
    ref: isRef ? { channel, ts } : undefined,
    mentionedMillis: Number.isFinite(mentionedMillis) ? (mentionedMillis as number) : undefined,
    silencedUntilMillis: Number.isFinite(silencedUntilMillis) ? (silencedUntilMillis as number) : undefined,
    isClosed: fields.isClosed === true,
  };
}

const COUNTS = ['count', 'alreadyReported', 'postCount'] as const;
const TIMES = ['firstSeenMillis', 'lastSeenMillis', 'firstPostedMillis', 'lastPostedMillis'] as const;

/** Converts a wall-clock time to monotonic milliseconds; never later than now, because wall clocks jump. Undefined becomes negative infinity. */
export function toMonotonicMillis(wallMillis: number | undefined, now: BothClocks): number {
  if (wallMillis === undefined) return Number.NEGATIVE_INFINITY;
  return now.atMillis - Math.max(0, now.wallMillis - wallMillis);
}

/** Returns the message of the saved state, without its rows. */
export function toPostedMessage(
  { messageId, endpoint, ref, lastPostedMillis }: SavedNotification,
  now: BothClocks,
): Omit<PostedMessage, 'rows'> {
  return {
    kind: 'single',
    id: messageId,
    endpoint,
    ref,
    isFrozen: false,
    changedAtMillis: toMonotonicMillis(lastPostedMillis, now),
    // Somebody may have reacted to the message while no process was running.
    reactionsReadAtMillis: Number.NEGATIVE_INFINITY,
    repliedAtMillis: Number.NEGATIVE_INFINITY,
    standing: GOOD_STANDING,
    failedReplies: 0,
  };
}
