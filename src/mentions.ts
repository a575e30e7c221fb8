import type { Selection } from './choose.js';
import type { Why } from './decide.js';
import type { Group } from './group.js';
import type { Mention, MentionOccasion } from './settings.js';
import { severityBand } from './severity.js';

/** Never again for the same group within an hour, and never more than ten an hour for a destination. */
const HOUR_MILLIS = 3_600_000;
const MOST_AN_HOUR = 10;

/** Who is woken by a message, sparingly. */
export class Mentions {
  readonly #mention: Mention | undefined;
  readonly #givenAtMillis: number[] = [];

  /** @param mention - none: nobody is ever woken */
  constructor(mention: Mention | undefined) {
    this.#mention = mention;
  }

  /** The markup that wakes people, when the message gives occasion and the hour's bounds allow it. */
  markupFor(selection: Selection, nowMillis: number): string | undefined {
    const { on, markup } = this.#mention ?? {};
    if (on === undefined || selection.act === 'update' || this.#isSpent(nowMillis)) return undefined;
    const isOccasion = selection.groups.some((group) => {
      const why = selection.whys.get(group.fingerprint);
      const isFree = group.mentionedAtMillis + HOUR_MILLIS <= nowMillis;
      return isFree && occasionsOf(group, why).some((occasion) => on.has(occasion));
    });
    return isOccasion ? markup : undefined;
  }

  /** It was posted. */
  given(nowMillis: number): void {
    this.#givenAtMillis.push(nowMillis);
    if (this.#givenAtMillis.length > MOST_AN_HOUR) this.#givenAtMillis.shift();
  }

  #isSpent(nowMillis: number): boolean {
    const [first] = this.#givenAtMillis;
    return this.#givenAtMillis.length >= MOST_AN_HOUR && first !== undefined && first + HOUR_MILLIS > nowMillis;
  }
}

function occasionsOf({ kind, sample }: Group, why: Why | undefined): readonly MentionOccasion[] {
  if (kind === 'loss') return [];
  switch (why) {
    case 'new':
      return severityBand(sample.severityNumber).name === 'FATAL' ? ['new', 'fatal'] : ['new'];
    case 'regressed':
    case 'escalated':
      return [why];
    default:
      return [];
  }
}
