import { type InboxMessage, messageText } from 'slack-inbox';
import { headlineOf } from '../../../packages/otel-slack/src/shared/read-message.js';

/** A message as it was posted. */
type Content = Pick<InboxMessage, 'text' | 'blocks' | 'attachments'>;

/** The counts in a message, as a person reads them. */
export interface Counts {
  /** The number of records that the message reports. */
  readonly records: number;
  /** The number of records that it reports as lost. */
  readonly lost: number;
  /** The ids by which a reader recognises a repeated message. */
  readonly ids: readonly string[];
}

/** `🟣 6 problems, 1,204 records`, `🔴 2 problems go on, 40 more records` */
const SEVERAL = /^(?:\S+ )?(?:[\d,]+ problems?(?: go(?:es)? on)?, )?([\d,]+) (?:more )?records?$/;
/** With a webhook, the next message of the same problem has this line under its headline. */
const MORE = /(?:^|· )([\d,]+) more since the last message/m;
/** `🔴 ERROR ×40 · …`, with the app's own name of the severity in brackets if it has one. */
const REPEATED = /^\S+ \S+(?: \([^)]*\))? ×([\d,]+) /;
const LOST = /^⚠️ ([\d,]+) records? never arrived/u;
/** The id in the last line of the message, or of each of its parts. */
const IDS = /\bid ((?:[0-9a-f]{8}(?:\.\d+)? ?)+)$/gm;

/** Reads a message in the channel. Replies in threads have no counts. */
export function readCounts(message: Content): Counts {
  const lines = messageText(message).split('\n');
  return {
    records: recordsIn(message),
    lost: lines.map((line) => count(LOST.exec(line)) ?? 0).reduce((sum, lost) => sum + lost, 0),
    ids: [...messageText(message).matchAll(IDS)].flatMap(([, ids = '']) => ids.trim().split(' ')),
  };
}

function recordsIn(message: Content): number {
  const headline = headlineOf(message);
  if (LOST.test(headline)) return 0;
  // Only the part above the details, because the details are the app's own text.
  const { blocks = [] } = message;
  const head = blocks.length === 0 ? '' : messageText({ text: '', blocks });
  return count(SEVERAL.exec(headline)) ?? count(MORE.exec(head)) ?? count(REPEATED.exec(headline)) ?? 1;
}

function count(found: RegExpExecArray | null): number | undefined {
  return found?.[1] === undefined ? undefined : Number(found[1].replaceAll(',', ''));
}

/** Keeps only the last copy of a repeated message. */
export function withoutCopies(counts: readonly Counts[]): readonly Counts[] {
  return counts.filter(
    ({ ids }, at) => !counts.slice(at + 1).some((later) => later.ids.some((id) => ids.includes(id))),
  );
}
