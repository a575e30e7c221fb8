import type { Sample } from '../record/sample.js';
import type { MessageRef } from '../slack/types.js';
import type { DistinctValues } from './distinct-values.js';
import type { Rate } from './rate.js';

/**
 * - `problem`: the records of one fingerprint.
 * - `rest`: the records of all problems beyond the bound, counted by severity and service.
 * - `loss`: records that never arrived here; they are counted to be told, and belong to no account of ours.
 */
export type GroupKind = 'problem' | 'rest' | 'loss';

/**
 * All records with one fingerprint on one destination, and what was said of them so far. It outlives its message: new →
 * posted → counting → quiet → forgotten, and back again. Times that end in `AtMillis` are monotonic.
 */
export interface Group {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  /** Stands in its messages. Another one each time the problem comes back after it was quiet. */
  readonly id: string;
  readonly sample: Sample;
  /** Records since it was new, or since it came back: what messages show. */
  readonly count: number;
  /** Of them, those that a message which Slack confirmed includes, or that will never be shown. */
  readonly shown: number;
  /** Of the records themselves: milliseconds since 1970. */
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  readonly lastCameAtMillis: number;
  /** Since when something of it waits to be shown; undefined when nothing does. */
  readonly waitingSinceAtMillis: number | undefined;
  readonly rate: Rate;
  readonly hosts: DistinctValues;
  readonly versions: DistinctValues;
  /** Messages posted of it. */
  readonly postCount: number;
  /** When the first and the last of them were posted. */
  readonly firstPostedAtMillis: number;
  readonly lastPostedAtMillis: number;
  /** The last of them. */
  readonly message: PostedMessage | undefined;
  /** What it was before it came back. */
  readonly previousEpisode: Episode | undefined;
  /** A record unlike the others in it, to be shown in the thread. */
  readonly variant: Sample | undefined;
  /** Replies in the thread so far. */
  readonly replies: number;
  /** Somebody wants to hear nothing of it until then. */
  readonly silencedUntilAtMillis: number;
  /** Somebody has answered that it is done: whatever comes now is the problem coming back. */
  readonly isClosed: boolean;
  readonly mentionedAtMillis: number;
  /** Records of it that stand in a request that was never answered: they may have been shown. */
  readonly ambiguous: number;
  /** Slack refused the look of this group; only its text is sent. */
  readonly asPlainText: boolean;
  /** Until when (wall clock) an earlier process had records that are in here; undefined when all came in this one. */
  readonly recoveredAtMillis: number | undefined;
  /** Of a `rest`: its records by what they can still be told apart by. */
  readonly breakdown: Breakdown | undefined;
}

/** A problem's time before it was quiet. */
export interface Episode {
  readonly count: number;
  readonly lastSeenMillis: number;
  readonly ended: 'quiet' | 'closed' | 'silenced';
  /** Records that nobody was told of, because somebody had silenced it. */
  readonly silenced: number;
}

/** Counts of records by name. */
export interface Breakdown {
  readonly bySeverity: ReadonlyMap<string, number>;
  readonly byService: ReadonlyMap<string, number>;
}

/** How a message shows its groups: one with all its details, a few with theirs, or many with a line each. */
export type MessageKind = 'single' | 'several' | 'digest';

/** A message that was posted. */
export interface PostedMessage {
  readonly kind: MessageKind;
  /** By what a reader knows two copies of it as such. */
  readonly id: string;
  /** The name of the place where it was posted. */
  readonly endpoint: string;
  /** None: a webhook does not say. What is not known cannot be changed. */
  readonly ref: MessageRef | undefined;
  /** Slack does not let us change it (any more). */
  readonly isFrozen: boolean;
  /** What it shows, by fingerprint and in its order. */
  readonly rows: ReadonlyMap<string, Row>;
  /** When it was posted or updated last. */
  readonly changedAtMillis: number;
  /** When its reactions were looked at last. */
  readonly reactionsReadAtMillis: number;
  /** When something was said in its thread last. */
  readonly repliedAtMillis: number;
}

/** How things stand with a group in a message. */
export type Status = 'live' | 'quiet' | 'silenced' | 'closed' | 'moved';

/** What a message shows of a group. It stays when the group goes on elsewhere. */
export interface Row {
  readonly fingerprint: string;
  readonly groupId: string;
  /** By what a reader knows two copies of the message as such. */
  readonly messageId: string;
  readonly kind: GroupKind;
  readonly severityNumber: number;
  readonly severityText: string | undefined;
  /** What happened, who says so, and at which line of code; texts of the app, neither cut nor escaped. */
  readonly what: string;
  readonly where: string;
  readonly location: string | undefined;
  /** Characters that are missing from `what`, because they were too many to keep. */
  readonly missing: number;
  readonly count: number;
  /** Of `count`, what an earlier message shows, which goes on standing there. */
  readonly alreadyReported: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  /** Records a minute. */
  readonly perMinute: number;
  readonly status: Status;
}

/** A group as it is now: it goes on counting while its message is under way. */
export function snapshot(group: Group): Group {
  return { ...group };
}

/** Records of it that wait to be shown. */
export function unshown({ kind, count, shown }: Group): number {
  return kind === 'loss' ? 0 : count - shown;
}
