import type { MessageRef } from '../../slack/types.js';
import type { Group, PostedMessage } from '../group.js';
import { isTime } from './group-codec.js';

/** What was said of a group in a message of its own, as it outlives the process: JSON can say all of it. Times are of the wall clock. */
export interface SavedNotification {
  readonly id: string;
  readonly endpoint: string;
  readonly messageId: string;
  readonly ref: MessageRef | undefined;
  /** What the message shows, and what of it an earlier message shows already. */
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

/** What is worth remembering of a group; undefined when it has no message of its own that goes on. */
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

/** What an earlier process remembered, of whatever version of ours: undefined when it is not what it should be. */
export function decodeNotification(value: unknown): SavedNotification | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const said = value as Readonly<Record<keyof SavedNotification, unknown>>;
  const { id, endpoint, messageId, ref, mentionedMillis, silencedUntilMillis } = said;
  if (typeof id !== 'string' || typeof endpoint !== 'string' || typeof messageId !== 'string') return undefined;
  if (!COUNTS.every((name) => Number.isFinite(said[name])) || !TIMES.every((name) => isTime(said[name])))
    return undefined;
  const { channel, ts } = (ref ?? {}) as Readonly<Record<string, unknown>>;
  const isRef = typeof channel === 'string' && typeof ts === 'string';
  return {
    ...(value as SavedNotification),
    ref: isRef ? { channel, ts } : undefined,
    mentionedMillis: Number.isFinite(mentionedMillis) ? (mentionedMillis as number) : undefined,
    silencedUntilMillis: Number.isFinite(silencedUntilMillis) ? (silencedUntilMillis as number) : undefined,
    isClosed: said.isClosed === true,
  };
}

const COUNTS = ['count', 'alreadyReported', 'postCount'] as const;
const TIMES = ['firstSeenMillis', 'lastSeenMillis', 'firstPostedMillis', 'lastPostedMillis'] as const;

/** When it was, on the monotonic clock. Wall clocks jump: it was not in the future. */
export function toMonotonicMillis(wallMillis: number | undefined, now: BothClocks): number {
  if (wallMillis === undefined) return Number.NEGATIVE_INFINITY;
  return now.atMillis - Math.max(0, now.wallMillis - wallMillis);
}

/** The message in which it stands, without what it shows. */
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
    // Somebody may have answered meanwhile.
    reactionsReadAtMillis: Number.NEGATIVE_INFINITY,
    repliedAtMillis: Number.NEGATIVE_INFINITY,
  };
}
