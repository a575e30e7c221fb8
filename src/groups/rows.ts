import { codeLocation, missingFromHeadline, whatHappened, whereFrom } from '../record/index.js';
import { knownError, UNREADABLE_ANSWER } from '../slack/index.js';
import type { Group, Row, Status } from './group.js';

/** The part of a row that stays the same in every update of a message. */
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

/** The part of a row that depends on the time. */
export interface RowState {
  readonly nowMillis: number;
  readonly status: Status;
}

/** Creates the row of a group from its words and its current counts. */
export function rowOf(words: RowWords, group: Group, { nowMillis, status }: RowState): Row {
  const { kind, sample } = group;
  // One literal is faster than spreads, which matters with a thousand rows.
  return {
    messageId: words.messageId,
    kind: words.kind,
    // The sample of a `rest` group is its worst record so far.
    severityNumber: kind === 'rest' ? sample.severityNumber : words.severityNumber,
    severityText: kind === 'rest' && words.what === REST_WORDS ? sample.severityText : words.severityText,
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

/** Returns the words of a group for a new message. */
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

/** Returns the words of a group that a digest counts without a line. Reads no stack, because a thousand stacks take too long. */
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
    // An earlier message already reports these records.
    alreadyReported: postCount > 0 ? shown : 0,
  };
}

/**
 * Returns the words of a group whose texts are refused, or may be: no text of the app. `reason` may have come from a
 * proxy, so only a reason of a known form is shown.
 */
export function withheldWords(group: Group): RowWords {
  const { reason = '' } = group.standing;
  const why = isSafeReason(reason) ? ` (${reason})` : '';
  return {
    ...countedWords(group),
    severityText: undefined,
    what: `text left out: refused on the way to Slack${why}`,
    where: '',
  };
}

/** Whether a reason is a code of the network, a status, or a word of this package or in the table of Slack's errors. */
function isSafeReason(reason: string): boolean {
  return (
    reason === UNREADABLE_ANSWER ||
    /^[A-Z][A-Z0-9_]{1,40}$|^http_\d{3}$/.test(reason) ||
    knownError(reason) !== undefined
  );
}

const REST_WORDS = 'everything else: more problems than are counted separately';

/** Returns the id of the next message that is posted about the group. */
export function messageIdOf({ id, postCount }: Pick<Group, 'id' | 'postCount'>): string {
  return postCount === 0 ? id : `${id}.${postCount + 1}`;
}
