import { type InboxMessage, messageText } from 'slack-inbox';
import { headlineOf } from '../../../packages/otel-slack/src/shared/read-message.js';

/** A message as its poster wrote it. */
type Content = Pick<InboxMessage, 'text' | 'blocks' | 'attachments'>;

/** What a message says of itself, read as a person would. */
export interface Told {
  /** How many records it is about. */
  readonly records: number;
  /** How many more it says are lost. */
  readonly lost: number;
  /** By these a reader knows a later copy of it. */
  readonly ids: readonly string[];
}

/** `🟣 6 problems, 1,204 records`, `🔴 2 problems go on, 40 more records` */
const SEVERAL = /^(?:\S+ )?(?:[\d,]+ problems?(?: go(?:es)? on)?, )?([\d,]+) (?:more )?records?$/;
/** Where nothing can be edited, the next message of the same problem says it under its headline. */
const MORE = /(?:^|· )([\d,]+) more since the last message/m;
/** `🔴 ERROR ×40 · …`, with the app's own word for the severity in brackets where it has one. */
const REPEATED = /^\S+ \S+(?: \([^)]*\))? ×([\d,]+) /;
const LOST = /^⚠️ ([\d,]+) records? never arrived/u;
/** In the last line of the message, or of each of its parts. */
const IDS = /\bid ((?:[0-9a-f]{8}(?:\.\d+)? ?)+)$/gm;

/** Reads a message that stands in the channel itself: what is said in threads tells no counts. */
export function readTold(message: Content): Told {
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
  // Above the details, which are the app's own words.
  const { blocks = [] } = message;
  const head = blocks.length === 0 ? '' : messageText({ text: '', blocks });
  return count(SEVERAL.exec(headline)) ?? count(MORE.exec(head)) ?? count(REPEATED.exec(headline)) ?? 1;
}

function count(found: RegExpExecArray | null): number | undefined {
  return found?.[1] === undefined ? undefined : Number(found[1].replaceAll(',', ''));
}

/** Of copies of the same message only the last one counts. */
export function withoutCopies(told: readonly Told[]): readonly Told[] {
  return told.filter(({ ids }, at) => !told.slice(at + 1).some((later) => later.ids.some((id) => ids.includes(id))));
}
