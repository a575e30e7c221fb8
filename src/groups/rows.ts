import { codeLocation, missingFromHeadline, whatHappened, whereFrom } from '../record/summary.js';
import type { Group, Row, Status } from './group.js';

/** What of a row stays the same as long as the message stands. */
export type RowWords = Pick<
  Row,
  | 'messageId'
  | 'kind'
  | 'severityNumber'
  | 'severityText'
  | 'what'
  | 'where'
  | 'location'
  | 'missing'
  | 'alreadyReported'
>;

/** How it is with the group at this moment. */
export interface RowState {
  readonly nowMillis: number;
  readonly status: Status;
}

/** What a message shows of a group now. */
export function rowOf(words: RowWords, group: Group, { nowMillis, status }: RowState): Row {
  const { kind, sample } = group;
  // One literal: with a thousand rows it matters.
  return {
    messageId: words.messageId,
    kind: words.kind,
    // A rest gets worse with what comes.
    severityNumber: kind === 'rest' ? sample.severityNumber : words.severityNumber,
    severityText: kind === 'rest' ? sample.severityText : words.severityText,
    what: words.what,
    where: words.where,
    location: words.location,
    missing: words.missing,
    alreadyReported: words.alreadyReported,
    fingerprint: group.fingerprint,
    groupId: group.id,
    count: group.count,
    firstSeenMillis: group.firstSeenMillis,
    lastSeenMillis: group.lastSeenMillis,
    status,
    perMinute: Math.floor(group.rate.perMinute(nowMillis)),
  };
}

/** The words of a group in a new message. */
export function wordsOf(group: Group): RowWords {
  const { kind, sample } = group;
  if (kind !== 'problem') return countedWords(group);
  return {
    ...countedWords(group),
    what: whatHappened(sample),
    location: codeLocation(sample),
    missing: missingFromHeadline(sample),
  };
}

/** The words of a group that a digest does not name but only counts: reading a thousand stacks would take its time. */
export function countedWords(group: Group): RowWords {
  const { kind, sample, postCount, shown } = group;
  const { severityNumber, severityText } = sample;
  return {
    messageId: messageIdOf(group),
    kind,
    severityNumber,
    severityText,
    what: kind === 'rest' ? REST_WORDS : sample.message,
    where: whereFrom(sample),
    location: undefined,
    missing: 0,
    // What an earlier message shows goes on standing there.
    alreadyReported: postCount > 0 ? shown : 0,
  };
}

const REST_WORDS = 'everything else: more problems than are told apart';

/** Of the next message that is posted of the group. */
export function messageIdOf({ id, postCount }: Pick<Group, 'id' | 'postCount'>): string {
  return postCount === 0 ? id : `${id}.${postCount + 1}`;
}
