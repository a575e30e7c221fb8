import type { MentionOccasion } from '../config/options.js';
import type { Mention } from '../config/settings.js';
import type { Group } from '../groups/group.js';
import type { Reason } from '../groups/lifecycle.js';
import type { Notification } from '../groups/notification.js';
import { isFatal } from '../record/severity.js';

/** Never again for the same group within an hour, and never more than ten an hour for a destination. */
const HOUR_MILLIS = 3_600_000;
const MOST_AN_HOUR = 10;
/** Of them, those that are kept for what is FATAL: many small things must not keep it from waking anybody. */
const KEPT_FOR_FATAL = 2;

/** Who is woken, and because of which groups. */
export interface GivenMention {
  readonly markup: string;
  readonly groups: readonly Group[];
}

/** When a message is sent. */
export interface MentionMoment {
  readonly nowMillis: number;
  /** In quiet hours only what is FATAL wakes people, whatever else is said, at a shutdown for example. */
  readonly isQuiet: boolean;
}

/** Who is woken by a message, sparingly. */
export class MentionLimiter {
  readonly #mention: Mention | undefined;
  readonly #givenAtMillis: number[] = [];

  /** @param mention - none: nobody is ever woken */
  constructor(mention: Mention | undefined) {
    this.#mention = mention;
  }

  /** Who is woken, when the message gives occasion and the hour's bounds allow it. */
  for(notification: Notification, { nowMillis, isQuiet }: MentionMoment): GivenMention | undefined {
    const { on, markup } = this.#mention ?? {};
    if (on === undefined || markup === undefined || notification.act === 'update') return undefined;
    const left = MOST_AN_HOUR - this.#givenSince(nowMillis - HOUR_MILLIS);
    if (left <= 0) return undefined;
    const isOnlyFatal = isQuiet || left <= KEPT_FOR_FATAL;
    const groups = notification.groups.filter((group) => {
      const reason = notification.reasons.get(group.fingerprint);
      if (group.mentionedAtMillis + HOUR_MILLIS > nowMillis || (isOnlyFatal && !isFatal(group.sample.severityNumber)))
        return false;
      return occasionsOf(group, reason).some((occasion) => on.has(occasion));
    });
    return groups.length > 0 ? { markup, groups } : undefined;
  }

  /** It was posted, or may have been. */
  given(nowMillis: number): void {
    this.#givenAtMillis.push(nowMillis);
    if (this.#givenAtMillis.length > MOST_AN_HOUR) this.#givenAtMillis.shift();
  }

  #givenSince(sinceMillis: number): number {
    return this.#givenAtMillis.filter((atMillis) => atMillis > sinceMillis).length;
  }
}

function occasionsOf(group: Group, reason: Reason | undefined): readonly MentionOccasion[] {
  if (group.kind === 'loss') return [];
  if (reason !== 'new' && reason !== 'regressed' && reason !== 'escalated') return [];
  return isFatal(group.sample.severityNumber) ? [reason, 'fatal'] : [reason];
}
