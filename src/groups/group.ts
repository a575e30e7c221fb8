import type { Sample } from '../record/index.js';
import type { MessageRef } from '../slack/index.js';
import type { DistinctValues } from './distinct-values.js';
import type { Rate } from './rate.js';
import type { Standing } from './standing/standing.js';

/**
 * - `problem`: the records of one fingerprint.
 * - `rest`: the records of all problems beyond `maxGroups`, counted by severity and service.
 * - `loss`: records that were dropped before the exporter. The channel reports them; the ledger of the destination does
 *   not count them.
 */
export type GroupKind = 'problem' | 'rest' | 'loss';

/**
 * All records with one fingerprint at one destination, and the state of their notifications. A group outlives its
 * message: new → posted → counting → quiet → forgotten, and new again. Times that end in `AtMillis` are monotonic
 * milliseconds. Other times are milliseconds since 1970.
 */
export interface Group {
  readonly kind: GroupKind;
  readonly fingerprint: string;
  /** Shown in the messages of the group. Each episode of the problem has a new id. */
  readonly id: string;
  readonly sample: Sample;
  /** Records of this episode. Messages show this number. */
  readonly count: number;
  /** How many of `count` a confirmed message includes, or were dropped. The others are pending. */
  readonly shown: number;
  /** The earliest and the latest time of the records. */
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  /** When the last record arrived. */
  readonly lastCameAtMillis: number;
  /** Since when the group has pending records; undefined when it has none. */
  readonly waitingSinceAtMillis: number | undefined;
  readonly rate: Rate;
  readonly hosts: DistinctValues;
  readonly versions: DistinctValues;
  /** The number of messages posted for this episode. */
  readonly postCount: number;
  /** When the first and the last of these messages were posted; negative infinity before the first. */
  readonly firstPostedAtMillis: number;
  readonly lastPostedAtMillis: number;
  /** The last posted message. */
  readonly message: PostedMessage | undefined;
  /** The episode before this one; undefined in the first. */
  readonly previousEpisode: Episode | undefined;
  /** The sample of a record that differs from the others, to be posted in the thread. */
  readonly variant: Sample | undefined;
  /** The number of variants posted in the thread. */
  readonly replies: number;
  /** A reaction silences the group until then; negative infinity when none did. */
  readonly silencedUntilAtMillis: number;
  /** A reaction closed the problem, so the next record begins a new episode. */
  readonly isClosed: boolean;
  /** When a message last mentioned somebody because of the group; negative infinity when none did. */
  readonly mentionedAtMillis: number;
  /** The `count` in a request that Slack never answered: Slack may show it already. 0 when there is none. */
  readonly ambiguous: number;
  /** How the posts of the group have ended. */
  readonly standing: Standing;
  /** When an earlier process saved the newest recovered record (milliseconds since 1970); undefined when none is recovered. */
  readonly recoveredAtMillis: number | undefined;
  /** The records of a `rest` group, by severity and service. */
  readonly breakdown: Breakdown | undefined;
}

/** An earlier period of a problem, which ended because the problem was quiet, closed or silenced. */
export interface Episode {
  readonly count: number;
  readonly lastSeenMillis: number;
  readonly ended: 'quiet' | 'closed' | 'silenced';
  /** Records that were dropped because the problem was silenced. */
  readonly silenced: number;
}

/** Counts of records by name. */
export interface Breakdown {
  readonly bySeverity: ReadonlyMap<string, number>;
  readonly byService: ReadonlyMap<string, number>;
}

/** How a message shows its groups: one group with all details, a few groups with details each, or many with a line each. */
export type MessageKind = 'single' | 'several' | 'digest';

/** A message that was posted. */
export interface PostedMessage {
  readonly kind: MessageKind;
  /** Shown in the message. Two copies of one message have the same id. */
  readonly id: string;
  /** The label of the endpoint where it was posted. */
  readonly endpoint: string;
  /** Channel and timestamp. Undefined for a webhook, which does not return them: such a message cannot be updated. */
  readonly ref: MessageRef | undefined;
  /** Slack refused to update the message, so it stays as it is. */
  readonly isFrozen: boolean;
  /** The rows of the message, by fingerprint, in their order. */
  readonly rows: ReadonlyMap<string, Row>;
  /** When the message was last posted or updated. */
  readonly changedAtMillis: number;
  /** When the reactions of the message were last read. */
  readonly reactionsReadAtMillis: number;
  /** When a reply was last posted in the thread of the message. */
  readonly repliedAtMillis: number;
  /** How the updates of the message have ended. */
  readonly standing: Standing;
  /** The replies to the message that failed since the last one was posted. */
  readonly failedReplies: number;
}

/** The state of a group as a message shows it. `moved`: the group continues in a newer message. */
export type Status = 'live' | 'quiet' | 'silenced' | 'closed' | 'moved';

/** The part of a message that shows one group. The row stays in the message when the group continues in a newer one. */
export interface Row {
  readonly fingerprint: string;
  readonly groupId: string;
  /** Shown with the row. Two copies of one message have the same id. */
  readonly messageId: string;
  readonly kind: GroupKind;
  readonly severityNumber: number;
  readonly severityText: string | undefined;
  /** The error, its service, and its line of code: texts of the app, neither truncated nor escaped. */
  readonly what: string;
  readonly where: string;
  readonly location: string | undefined;
  /** The number of characters that were truncated from `what`. */
  readonly missing: number;
  readonly count: number;
  /** The part of `count` that an earlier message already reports. */
  readonly alreadyReported: number;
  readonly firstSeenMillis: number;
  readonly lastSeenMillis: number;
  /** Records a minute. */
  readonly perMinute: number;
  readonly status: Status;
  /** The id of the newer message in which a `moved` group continues, where it is known. */
  readonly movedTo?: string;
}

/** Copies a group as it is now, because the group counts further records while its message is being sent. */
export function snapshot(group: Group): Group {
  return { ...group };
}

/** The pending records of a group; 0 for a `loss` group, which the ledger does not count. */
export function unshown({ kind, count, shown }: Group): number {
  return kind === 'loss' ? 0 : count - shown;
}
