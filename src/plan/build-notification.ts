import {
  countedWords,
  type Group,
  listedRows,
  type MessageKind,
  type Moment,
  messageIdOf,
  type Notification,
  type Policy,
  type PostedMessage,
  type Reason,
  type Row,
  rowOf,
  snapshot,
  statusOf,
  wordsOf,
} from '../groups/index.js';
import type { SlackMessage, SlackRequest } from '../slack/index.js';
import type { Decision } from './decide.js';
import { sortedRows } from './priority.js';

/** A group and what to do with it. */
export interface GroupDecision {
  readonly group: Group;
  readonly decision: Decision;
}

/** The current state that a notification is built from. */
interface NotificationInput {
  readonly groups: readonly Group[];
  readonly policy: Policy;
  readonly moment: Moment;
}

/** Builds a new message about these groups, in this order. */
export function postOf(
  kind: MessageKind,
  decided: readonly GroupDecision[],
  { policy, moment }: NotificationInput,
): Notification {
  const { nowMillis } = moment;
  return {
    act: 'post',
    kind,
    id: idsOf(decided.map(({ group }) => group)),
    rows: decided.map(({ group }, at) => {
      const words = at < listedRows(decided.length) ? wordsOf(group) : countedWords(group);
      // A group that was never posted is shown as live, even if it is quiet already.
      const status = group.postCount === 0 ? 'live' : statusOf(group, policy, nowMillis);
      return rowOf(words, group, { nowMillis, status });
    }),
    groups: decided.map(({ group }) => snapshot(group)),
    reasons: reasonsOf(decided),
    message: undefined,
  };
}

/**
 * Returns the ids of a message, by which readers recognize two copies of it. These are the ids of the groups that Slack
 * may show already, and of the group that has been pending longest, which is the same in each attempt.
 */
function idsOf(groups: readonly Group[]): string {
  const [oldest] = groups.toSorted((a, b) => (a.waitingSinceAtMillis ?? NEVER) - (b.waitingSinceAtMillis ?? NEVER));
  return groups
    .filter((group) => group === oldest || group.ambiguous > 0)
    .map(messageIdOf)
    .join(' ');
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Builds the update of a posted message, with the current state of its groups. Decided groups that another message shows
 * move into this one.
 */
export function updateOf(
  message: PostedMessage,
  decided: readonly GroupDecision[],
  input: NotificationInput,
): Notification {
  const known = new Map(input.groups.map((group) => [group.fingerprint, group]));
  const moving = decided.map(({ group }) => group).filter((group) => group.message !== message);
  const moved = new Map(moving.map((group) => [group.fingerprint, movedRow(group, input)]));
  const staying = [...message.rows.values()].filter(({ fingerprint }) => !moved.has(fingerprint));
  const rows = sortedRows([...staying.map((row) => currentRow(row, known, message, input)), ...moved.values()]);
  const groupInMessage = (fingerprint: string): Group | undefined => {
    const group = known.get(fingerprint);
    return group?.message === message || moved.has(fingerprint) ? group : undefined;
  };
  return {
    act: 'update',
    kind: message.kind,
    id: message.id,
    rows: rows.map((row, at) => (at < listedRows(rows.length) ? withWords(row, groupInMessage(row.fingerprint)) : row)),
    groups: rows.flatMap(({ fingerprint }) => groupInMessage(fingerprint) ?? []).map(snapshot),
    reasons: reasonsOf(decided),
    message,
  };
}

function movedRow(group: Group, { policy, moment: { nowMillis } }: NotificationInput): Row {
  return rowOf(wordsOf(group), group, { nowMillis, status: statusOf(group, policy, nowMillis) });
}

/** Adds the words to a row that was only counted so far and has a line now. */
function withWords(row: Row, group: Group | undefined): Row {
  const needsWords = row.kind === 'problem' && row.what === '' && group !== undefined;
  return needsWords
    ? { ...row, ...wordsOf(group), messageId: row.messageId, alreadyReported: row.alreadyReported }
    : row;
}

function currentRow(
  row: Row,
  known: ReadonlyMap<string, Group>,
  message: PostedMessage,
  input: NotificationInput,
): Row {
  const group = known.get(row.fingerprint);
  const { nowMillis } = input.moment;
  if (group?.message === message) {
    return rowOf(row, group, { nowMillis, status: statusOf(group, input.policy, nowMillis) });
  }
  if (group?.message !== undefined) return { ...row, status: 'moved', movedTo: group.message.id };
  // A group is forgotten only after it was quiet, or after a single record.
  return group === undefined && row.status === 'live' ? { ...row, status: 'quiet' } : row;
}

/** Builds a reply about a group in the thread of its message. */
export function replyOf(first: GroupDecision, message: PostedMessage, moment: Moment): Notification {
  const { group } = first;
  return {
    act: 'reply',
    kind: 'single',
    id: group.id,
    rows: [rowOf(wordsOf(group), group, { nowMillis: moment.nowMillis, status: 'live' })],
    groups: [snapshot(group)],
    reasons: reasonsOf([first]),
    message,
  };
}

/** Builds the request that sends a notification. `isBroadcast`: a reply is also shown in the channel. */
export function requestFor({ act, message }: Notification, content: SlackMessage, isBroadcast: boolean): SlackRequest {
  const ref = message?.ref;
  if (ref === undefined) return { act: 'post', message: content };
  if (act === 'update') return { act: 'update', message: content, ref };
  return { act: 'post', message: content, thread: { ts: ref.ts, isBroadcast } };
}

function reasonsOf(decided: readonly GroupDecision[]): ReadonlyMap<string, Reason> {
  const reasons = new Map<string, Reason>();
  for (const { group, decision } of decided)
    if ('reason' in decision) reasons.set(group.fingerprint, decision.reason as Reason);
  return reasons;
}
