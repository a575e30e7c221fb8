import type { Claim, Group, Rest } from './group.js';

/** How a message shows its groups: one with all its details, a few with theirs, or many with a line each. */
export type SelectionKind = 'single' | 'several' | 'digest';

/** What the next message says. */
export interface Selection extends Claim {
  readonly kind: SelectionKind;
  /** The groups that the message names; the others are only counted in it. */
  readonly named: readonly Group[];
}

/** What waits. */
export interface Waiting {
  readonly groups: readonly Group[];
  readonly rest: Rest;
  /** Somebody waits for the outbox to be empty: say all in one message. */
  readonly isHurried: boolean;
}

/** Up to so many groups wait for a message each (one a second); more are collapsed into one. */
export const MOST_SINGLE_MESSAGES = 5;
/** Lines of a digest: what a person reads. */
export const MOST_DIGEST_ROWS = 15;

/** What to say next: the worst first, among equals the one that has waited longest. `undefined` when nothing waits. */
export function choose({ groups, rest, isHurried }: Waiting): Selection | undefined {
  const ordered = groups.toSorted(worstThenOldest);
  const [first] = ordered;
  if (first === undefined && rest.records === 0) return undefined;
  if (first === undefined || rest.records > 0 || ordered.length > MOST_SINGLE_MESSAGES) {
    return { kind: 'digest', groups: freeze(ordered), rest, named: freeze(ordered.slice(0, MOST_DIGEST_ROWS)) };
  }
  if (isHurried && ordered.length > 1) {
    return { kind: 'several', groups: freeze(ordered), rest, named: freeze(ordered) };
  }
  return { kind: 'single', groups: freeze([first]), rest, named: freeze([first]) };
}

/** Whether Slack refused the look of everything in it already: only the text is left to try. */
export function isPlainText({ groups }: Selection): boolean {
  return groups.every((group) => group.asPlainText);
}

function worstThenOldest(a: Group, b: Group): number {
  return b.sample.severityNumber - a.sample.severityNumber || a.waitingSinceMillis - b.waitingSinceMillis;
}

/** As they are now: a group goes on counting while its message is under way. */
function freeze(groups: readonly Group[]): readonly Group[] {
  return groups.map((group) => ({ ...group }));
}
