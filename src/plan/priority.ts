import type { Group, Row } from '../groups/group.js';

/** Something that stands for a group. */
interface Grouped {
  readonly group: Group;
}

/** What is no problem of the app's stands behind those that are. */
function aside(kind: Group['kind']): number {
  return kind === 'problem' ? 0 : 1;
}

/** Ten times as many are worse; three more are not. */
function magnitude(count: number): number {
  return Math.floor(Math.log10(Math.max(1, count)));
}

function worst({ group: a }: Grouped, { group: b }: Grouped): number {
  return aside(a.kind) - aside(b.kind) || b.sample.severityNumber - a.sample.severityNumber;
}

/** The worst first, among equals what has waited longest: the order of messages. */
export function worstThenOldest(a: Grouped, b: Grouped): number {
  return worst(a, b) || (a.group.waitingSinceAtMillis ?? 0) - (b.group.waitingSinceAtMillis ?? 0);
}

/** The worst first, then what comes most often, then the newest: the order of lines. */
export function worstThenNewest(a: Grouped, b: Grouped): number {
  const oftener = magnitude(b.group.count) - magnitude(a.group.count);
  return worst(a, b) || oftener || (b.group.waitingSinceAtMillis ?? 0) - (a.group.waitingSinceAtMillis ?? 0);
}

/** As in a new message, so that what has grown comes to the top; among equals nothing moves. */
export function sortedRows(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted(
    (a, b) =>
      aside(a.kind) - aside(b.kind) || b.severityNumber - a.severityNumber || magnitude(b.count) - magnitude(a.count),
  );
}
