import type { Group, Row } from '../groups/index.js';

/** An object with a group. */
interface Grouped {
  readonly group: Group;
}

/** Sorts `rest` and `loss` groups after problems. */
function kindRank(kind: Group['kind']): number {
  return kind === 'problem' ? 0 : 1;
}

/** The order of magnitude of a count. Ten times as many records change the order; three more do not. */
function magnitude(count: number): number {
  return Math.floor(Math.log10(Math.max(1, count)));
}

function bySeverity({ group: a }: Grouped, { group: b }: Grouped): number {
  return kindRank(a.kind) - kindRank(b.kind) || b.sample.severityNumber - a.sample.severityNumber;
}

/** The order of messages: the most severe first, then the one that has been pending longest. */
export function worstThenOldest(a: Grouped, b: Grouped): number {
  return bySeverity(a, b) || (a.group.waitingSinceAtMillis ?? 0) - (b.group.waitingSinceAtMillis ?? 0);
}

/** The order of the lines in a digest: the most severe first, then the most frequent, then the newest. */
export function worstThenNewest(a: Grouped, b: Grouped): number {
  const byCount = magnitude(b.group.count) - magnitude(a.group.count);
  return bySeverity(a, b) || byCount || (b.group.waitingSinceAtMillis ?? 0) - (a.group.waitingSinceAtMillis ?? 0);
}

/** Sorts the rows of an update as in a new message, so that rows that have grown move up. Equal rows keep their order. */
export function sortedRows(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(
    (a, b) =>
      kindRank(a.kind) - kindRank(b.kind) ||
      b.severityNumber - a.severityNumber ||
      magnitude(b.count) - magnitude(a.count),
  );
}
