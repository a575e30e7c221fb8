import type { MessageRef } from '../../slack/types.js';
import type { Group, LiveMessage } from '../group.js';
import { isTime } from './group-codec.js';

/** What was said of a group in a message of its own, as it outlives the process: JSON can say all of it. Times are of the wall clock. */
export interface Said {
  readonly id: string;
  readonly place: string;
  readonly messageId: string;
  readonly ref: MessageRef | undefined;
  /** What the message shows, and what of it an earlier message shows already. */
  readonly count: number;
  readonly base: number;
  readonly sayings: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  readonly firstSaidMillis: number;
  readonly lastSaidMillis: number;
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
export function saidOf(group: Group, now: BothClocks): Said | undefined {
  const { kind, fingerprint, message } = group;
  const row = message?.rows.get(fingerprint);
  if (kind !== 'problem' || message?.kind !== 'single' || message.isFrozen || row === undefined) return undefined;
  const wall = (atMillis: number): number => now.wallMillis - (now.atMillis - atMillis);
  const wallOr = (atMillis: number): number | undefined => (Number.isFinite(atMillis) ? wall(atMillis) : undefined);
  return {
    id: group.id,
    place: message.place,
    messageId: row.messageId,
    ref: message.ref,
    count: group.shown,
    base: row.base,
    sayings: group.sayings,
    firstSeenMillis: group.firstSeenMillis,
    lastSeenMillis: group.lastSeenMillis,
    firstSaidMillis: wall(group.firstSaidAtMillis),
    lastSaidMillis: wall(group.lastSaidAtMillis),
    mentionedMillis: wallOr(group.mentionedAtMillis),
    silencedUntilMillis: wallOr(group.silencedUntilAtMillis),
    isClosed: group.isClosed,
  };
}

/** What an earlier process remembered, of whatever version of ours: undefined when it is not what it should be. */
export function readSaid(value: unknown): Said | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const said = value as Readonly<Record<keyof Said, unknown>>;
  const { id, place, messageId, ref, mentionedMillis, silencedUntilMillis } = said;
  if (typeof id !== 'string' || typeof place !== 'string' || typeof messageId !== 'string') return undefined;
  if (!COUNTS.every((name) => Number.isFinite(said[name])) || !TIMES.every((name) => isTime(said[name])))
    return undefined;
  const { channel, ts } = (ref ?? {}) as Readonly<Record<string, unknown>>;
  const isRef = typeof channel === 'string' && typeof ts === 'string';
  return {
    ...(value as Said),
    ref: isRef ? { channel, ts } : undefined,
    mentionedMillis: Number.isFinite(mentionedMillis) ? (mentionedMillis as number) : undefined,
    silencedUntilMillis: Number.isFinite(silencedUntilMillis) ? (silencedUntilMillis as number) : undefined,
    isClosed: said.isClosed === true,
  };
}

const COUNTS = ['count', 'base', 'sayings'] as const;
const TIMES = ['firstSeenMillis', 'lastSeenMillis', 'firstSaidMillis', 'lastSaidMillis'] as const;

/** When it was, on the monotonic clock. Wall clocks jump: it was not in the future. */
export function atOf(wallMillis: number | undefined, now: BothClocks): number {
  if (wallMillis === undefined) return Number.NEGATIVE_INFINITY;
  return now.atMillis - Math.max(0, now.wallMillis - wallMillis);
}

/** The message in which it stands, without what it shows. */
export function messageOf({ messageId, place, ref, lastSaidMillis }: Said, now: BothClocks): Omit<LiveMessage, 'rows'> {
  return {
    kind: 'single',
    id: messageId,
    place,
    ref,
    isFrozen: false,
    changedAtMillis: atOf(lastSaidMillis, now),
    // Somebody may have answered meanwhile.
    lookedAtMillis: Number.NEGATIVE_INFINITY,
    repliedAtMillis: Number.NEGATIVE_INFINITY,
  };
}
