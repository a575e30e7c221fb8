import { type Group, type MessageKind, type PostedMessage, type Row, snapshot } from '../groups/group.js';
import { type Moment, type Policy, type Reason, statusOf } from '../groups/lifecycle.js';
import { MAX_DIGEST_ROWS, type Notification } from '../groups/notification.js';
import { countedWords, messageIdOf, rowOf, wordsOf } from '../groups/rows.js';
import type { SlackMessage, SlackRequest } from '../slack/types.js';
import type { Decision } from './decide.js';
import { sortedRows } from './priority.js';

/** A group and what to do with it. */
export interface GroupDecision {
  readonly group: Group;
  readonly decision: Decision;
}

/** What a notification is made from besides its groups: everything as it is at this moment. */
interface NotificationInput {
  readonly groups: readonly Group[];
  readonly policy: Policy;
  readonly moment: Moment;
}

/** A new message about these groups, in this order. */
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
      const words = at < MAX_DIGEST_ROWS ? wordsOf(group) : countedWords(group);
      // What nobody was told of yet is not over for them.
      const status = group.postCount === 0 ? 'live' : statusOf(group, policy, nowMillis);
      return rowOf(words, group, { nowMillis, status });
    }),
    groups: decided.map(({ group }) => snapshot(group)),
    reasons: reasonsOf(decided),
    message: undefined,
  };
}

/**
 * The ids by which two copies of a message are known: those of the groups that may have been shown already, and that of
 * the group that waited longest, which stays the same from one attempt to the next.
 */
function idsOf(groups: readonly Group[]): string {
  const [oldest] = groups.toSorted((a, b) => (a.waitingSinceAtMillis ?? NEVER) - (b.waitingSinceAtMillis ?? NEVER));
  return groups
    .filter((group) => group === oldest || group.ambiguous > 0)
    .map(messageIdOf)
    .join(' ');
}

const NEVER = Number.POSITIVE_INFINITY;

/** A message that stands, with what has become of its groups. */
export function updateOf(
  message: PostedMessage,
  decided: readonly GroupDecision[],
  situation: NotificationInput,
): Notification {
  const known = new Map(situation.groups.map((group) => [group.fingerprint, group]));
  const rows = sortedRows([...message.rows.values()].map((row) => rowNow(row, known, message, situation)));
  const here = (fingerprint: string): Group | undefined => {
    const group = known.get(fingerprint);
    return group?.message === message ? group : undefined;
  };
  return {
    act: 'update',
    kind: message.kind,
    id: message.id,
    rows: rows.map((row, at) => named(row, at, here(row.fingerprint))),
    groups: rows.flatMap(({ fingerprint }) => here(fingerprint) ?? []).map(snapshot),
    reasons: reasonsOf(decided),
    message,
  };
}

/** A row that was only counted so far, and has a line now. */
function named(row: Row, at: number, group: Group | undefined): Row {
  const isNew = at < MAX_DIGEST_ROWS && row.kind === 'problem' && row.what === '' && group !== undefined;
  return isNew ? { ...row, ...wordsOf(group), messageId: row.messageId, alreadyReported: row.alreadyReported } : row;
}

function rowNow(
  row: Row,
  known: ReadonlyMap<string, Group>,
  message: PostedMessage,
  situation: NotificationInput,
): Row {
  const group = known.get(row.fingerprint);
  const { nowMillis } = situation.moment;
  if (group?.message === message) {
    return rowOf(row, group, { nowMillis, status: statusOf(group, situation.policy, nowMillis) });
  }
  if (group?.message !== undefined) return { ...row, status: 'moved' };
  // Of a problem that is forgotten nothing came for long, or nothing but once.
  return group === undefined && row.status === 'live' ? { ...row, status: 'quiet' } : row;
}

/** What is said of a group in the thread of its message. */
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

/** What is asked of Slack to say it. `isBroadcast`: a reply is shown in the channel as well. */
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
