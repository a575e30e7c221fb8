import type { Group, Moment, Policy, Row } from '../groups/index.js';
import { nextReminderAtMillis } from './decide.js';
import { freshnessMillis } from './freshness.js';

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

/**
 * The order in which posts are chosen: the record whose deadline is nearest first. A deadline is nearer for a severe
 * problem. A problem of any severity reaches the front in time, also when severe ones keep coming.
 */
export function byDeadline({ policy, moment }: { readonly policy: Policy; readonly moment: Moment }) {
  const deadline = (group: Group): number => dueAtMillis(group, policy, moment) + freshnessMillis(group);
  return (a: Grouped, b: Grouped): number => deadline(a.group) - deadline(b.group) || worstThenOldest(a, b);
}

/** Since when a group is to be posted. Its records may have waited much longer for the time of a reminder. */
function dueAtMillis(group: Group, policy: Policy, { nowMillis }: Moment): number {
  const sinceMillis = group.waitingSinceAtMillis ?? nowMillis;
  if (group.postCount === 0) return sinceMillis;
  return Math.min(nowMillis, Math.max(sinceMillis, nextReminderAtMillis(group, policy)));
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
