import { canChange, type PostedMessage } from '../groups/index.js';
import type { GroupDecision } from './build-notification.js';
import { deadlineMillis, hasNews, isUrgent } from './freshness.js';
import type { Gathering } from './gather.js';
import type { PlanInput } from './plan-input.js';

/** A message to be updated or replied to, from when on that is possible, and the groups that cause it. */
export interface Change {
  readonly message: PostedMessage;
  readonly readyAtMillis: number;
  readonly decided: readonly GroupDecision[];
}

/** Returns the updates that are due: of messages with new records, and of outdated messages. */
export function changesOf(updates: readonly GroupDecision[], input: PlanInput): readonly Change[] {
  const { outdated, moment, readyAtMillis } = input;
  const byMessage = new Map<PostedMessage, GroupDecision[]>();
  for (const message of outdated) {
    if (updatableAtMillis(message, input) <= moment.nowMillis) byMessage.set(message, []);
  }
  for (const one of updates) {
    const message = one.group.message as PostedMessage;
    const known = byMessage.get(message);
    if (known) known.push(one);
    else byMessage.set(message, [one]);
  }
  return [...byMessage].map(([message, decided]) => ({
    message,
    decided,
    readyAtMillis: Math.max(readyAtMillis('update', message.endpoint), message.standing.heldUntilAtMillis),
  }));
}

/** Adds the groups that move into a digest to its update. The messages that showed them need no update of their own. */
export function withGathered(
  changes: readonly Change[],
  gatherings: readonly Gathering[],
  { readyAtMillis }: PlanInput,
): readonly Change[] {
  const joins = gatherings.filter(({ digest }) => digest !== undefined);
  if (joins.length === 0) return changes;
  const moving = new Set(joins.flatMap(({ decided }) => decided.map(({ group }) => group)));
  const staying = (change: Change): boolean =>
    change.decided.length === 0 || change.decided.some(({ group }) => !moving.has(group));
  const byMessage = new Map(changes.filter(staying).map((change) => [change.message, change]));
  for (const { digest, decided } of joins as readonly Join[]) {
    const own = byMessage.get(digest)?.decided ?? [];
    const readyMillis = Math.max(readyAtMillis('update', digest.endpoint), digest.standing.heldUntilAtMillis);
    byMessage.set(digest, { message: digest, decided: [...own, ...decided], readyAtMillis: readyMillis });
  }
  return [...byMessage.values()];
}

/** A gathering in a digest that is posted already. */
type Join = Gathering & { readonly digest: PostedMessage };

/** Returns when the interval between two updates of the message is over; infinity when it cannot be updated. */
export function updatableAtMillis(message: PostedMessage, { policy, moment }: PlanInput): number {
  if (moment.isClosing || !canChange(message, moment)) return Number.POSITIVE_INFINITY;
  return Math.max(message.changedAtMillis + policy.updateEveryMillis, message.standing.heldUntilAtMillis);
}

/**
 * The order of updates: messages whose update did not fail before others; among them messages with an urgent record by their deadlines, then messages whose status is outdated, then
 * the other messages with new records. So nothing waits behind an update that has time left.
 */
export function inOrderOfUpdates(changes: readonly Change[], nowMillis: number): readonly Change[] {
  return changes
    .map((change) => ranked(change, nowMillis))
    .sort((a, b) => a.failures - b.failures || a.rank - b.rank || a.dueMillis - b.dueMillis || b.records - a.records)
    .map(({ change }) => change);
}

interface RankedChange {
  readonly change: Change;
  /** An update that failed goes last, so that it delays no other. */
  readonly failures: number;
  readonly rank: number;
  readonly dueMillis: number;
  /** The number of new records. */
  readonly records: number;
}

function ranked(change: Change, nowMillis: number): RankedChange {
  const news = change.decided.map(({ group }) => group).filter(hasNews);
  const records = news.reduce((sum, { count, shown }) => sum + count - shown, 0);
  const { failures } = change.message.standing;
  if (news.length === 0) return { change, failures, rank: 1, dueMillis: change.message.changedAtMillis, records };
  const rank = news.some((group) => isUrgent(group, nowMillis)) ? 0 : 2;
  return { change, failures, rank, dueMillis: Math.min(...news.map(deadlineMillis)), records };
}
