import {
  countedWords,
  formOf,
  type Group,
  listedRows,
  type MessageForm,
  type MessageKind,
  type Moment,
  messageIdOf,
  type Notification,
  type Policy,
  type PostedMessage,
  type Reason,
  type Row,
  type RowWords,
  rowOf,
  snapshot,
  statusOf,
  withheldWords,
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
  readonly caution?: { readonly isLastRequest: boolean };
  readonly groups: readonly Group[];
  readonly policy: Policy;
  readonly moment: Moment;
}

/** Builds a new message about these groups, in this order. */
export function postOf(
  kind: MessageKind,
  decided: readonly GroupDecision[],
  { policy, moment, caution }: NotificationInput,
): Notification {
  const { nowMillis } = moment;
  const isLast = caution?.isLastRequest === true;
  return {
    act: 'post',
    kind,
    form: formOfPost(decided, isLast),
    id: idsOf(decided.map(({ group }) => group)),
    rows: decided.map(({ group }, at) => {
      const isNamed = at < listedRows(decided.length);
      const words = wordsInPost(group, { isAlone: decided.length === 1, isNamed, isLast });
      // A group that was never posted is shown as live, even if it is quiet already.
      const status = group.postCount === 0 ? 'live' : statusOf(group, policy, nowMillis);
      return rowOf(words, group, { nowMillis, status });
    }),
    groups: decided.map(({ group }) => snapshot(group)),
    reasons: reasonsOf(decided),
    message: undefined,
  };
}

/** A message about several groups is reduced only if all of them hold no text. */
function formOfPost(decided: readonly GroupDecision[], isLast: boolean): MessageForm {
  const isReduced = (group: Group): boolean => formOf(group.standing) === 'minimal' || isWithheldAtEnd(group, isLast);
  if (decided.every(({ group }) => isReduced(group))) return 'minimal';
  return decided.length === 1 && decided[0] ? formOf(decided[0].group.standing) : 'full';
}

/** In the last request of a process, no group that failed may take others along. */
function isWithheldAtEnd({ standing }: Group, isLast: boolean): boolean {
  return isLast && standing.failures > 0;
}

interface PlaceInPost {
  readonly isAlone: boolean;
  /** The message shows the group with a line, and not only in its totals. */
  readonly isNamed: boolean;
  /** The message is the last one of the process. */
  readonly isLast: boolean;
}

/** A group whose details are refused shows no text of the app beside others, which it would take along. */
function wordsInPost(group: Group, { isAlone, isNamed, isLast }: PlaceInPost): RowWords {
  const { state } = group.standing;
  const isHarmful = !isAlone && state === 'plain';
  if (state === 'minimal' || isHarmful || isWithheldAtEnd(group, isLast)) return withheldWords(group);
  return isNamed ? wordsOf(group) : countedWords(group);
}

/**
 * Returns the ids of a message, by which readers recognize two copies of it. These are the ids of the groups that Slack
 * may show already, and of the group that has been pending longest, which is the same in each attempt.
 */
function idsOf(groups: readonly Group[]): string {
  const [oldest] = groups.toSorted(pendingLongest);
  return groups
    .filter((group) => group === oldest || group.ambiguous > 0)
    .map(messageIdOf)
    .join(' ');
}

const NEVER = Number.POSITIVE_INFINITY;

/** Groups that an earlier process saved were restored at the same time, so their first records decide. */
function pendingLongest(a: Group, b: Group): number {
  const [one = NEVER, other = NEVER] = [a.waitingSinceAtMillis, b.waitingSinceAtMillis];
  return one === other ? a.firstSeenMillis - b.firstSeenMillis : one - other;
}

/**
 * Builds the update of a posted message, with the current state of its groups. Decided groups that another message shows
 * move into this one.
 */
export function updateOf(
  message: PostedMessage,
  decided: readonly GroupDecision[],
  input: NotificationInput,
): Notification {
  const form = formOf(message.standing);
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
    form,
    id: message.id,
    rows: rows.map((row, at) => {
      const group = groupInMessage(row.fingerprint);
      if (form === 'minimal' && group !== undefined) return withoutText(row, group);
      return at < listedRows(rows.length) ? withWords(row, group) : row;
    }),
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

function withoutText(row: Row, group: Group): Row {
  return { ...row, ...withheldWords(group), messageId: row.messageId, alreadyReported: row.alreadyReported };
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
  const words = group.standing.state === 'minimal' ? withheldWords(group) : wordsOf(group);
  return {
    act: 'reply',
    kind: 'single',
    form: message.failedReplies > 1 ? 'plain' : 'full',
    id: group.id,
    rows: [rowOf(words, group, { nowMillis: moment.nowMillis, status: 'live' })],
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
