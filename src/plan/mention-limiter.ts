import type { Mention, MentionOccasion } from '../config/index.js';
import type { Group, Notification, Reason } from '../groups/index.js';
import { isFatal } from '../record/index.js';

/** A group causes at most one mention in this time. */
const HOUR_MILLIS = 3_600_000;
/** The highest number of mentions per hour for a destination. */
const MAX_PER_HOUR = 10;
/** The part of them that is reserved for FATAL, so that many lesser problems cannot use them all. */
const RESERVED_FOR_FATAL = 2;

/** A mention for one message, and the groups that cause it. */
export interface MessageMention {
  readonly markup: string;
  readonly groups: readonly Group[];
}

/** When a message is sent. */
export interface MentionMoment {
  readonly nowMillis: number;
  /** The time is within quiet hours. Only FATAL then mentions people, even if other problems are posted, for example at a shutdown. */
  readonly isQuiet: boolean;
}

/** Decides which messages mention people, and limits how often. */
export class MentionLimiter {
  readonly #mention: Mention | undefined;
  readonly #sentAtMillis: number[] = [];

  /** @param mention - the `mention` option; undefined mentions nobody */
  constructor(mention: Mention | undefined) {
    this.#mention = mention;
  }

  /** Returns the mention for a message; undefined when the message has no occasion for one or the limit is reached. */
  for(notification: Notification, { nowMillis, isQuiet }: MentionMoment): MessageMention | undefined {
    const { on, markup } = this.#mention ?? {};
    if (on === undefined || markup === undefined || notification.act === 'update') return undefined;
    const left = MAX_PER_HOUR - this.#sentSince(nowMillis - HOUR_MILLIS);
    if (left <= 0) return undefined;
    const isOnlyFatal = isQuiet || left <= RESERVED_FOR_FATAL;
    const groups = notification.groups.filter((group) => {
      const reason = notification.reasons.get(group.fingerprint);
      if (group.mentionedAtMillis + HOUR_MILLIS > nowMillis || (isOnlyFatal && !isFatal(group.sample.severityNumber)))
        return false;
      return occasionsOf(group, reason).some((occasion) => on.has(occasion));
    });
    return groups.length > 0 ? { markup, groups } : undefined;
  }

  /** Call it when a mention was posted or may have been posted. */
  record(nowMillis: number): void {
    this.#sentAtMillis.push(nowMillis);
    if (this.#sentAtMillis.length > MAX_PER_HOUR) this.#sentAtMillis.shift();
  }

  #sentSince(sinceMillis: number): number {
    return this.#sentAtMillis.filter((atMillis) => atMillis > sinceMillis).length;
  }
}

function occasionsOf(group: Group, reason: Reason | undefined): readonly MentionOccasion[] {
  if (group.kind === 'loss') return [];
  if (reason !== 'new' && reason !== 'regressed' && reason !== 'escalated') return [];
  return isFatal(group.sample.severityNumber) ? [reason, 'fatal'] : [reason];
}
