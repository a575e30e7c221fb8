import { messageText } from 'slack-inbox';
import { clean, countedOf } from '../../../../src/util/text.js';
import type { Io } from '../shared/command.js';
import { messageLines, timeOfDay, widthOf } from '../shared/message-view.js';
import { createPaint } from '../shared/paint.js';
import { headlineOf } from '../shared/read-message.js';
import { MOST_MESSAGES, type Showing, type ShownMessage } from './slack.js';

/** Where the messages are shown. */
export interface Screen extends Showing {
  /** All has been said: these stand there now. */
  end(messages: readonly ShownMessage[]): void;
}

/** Messages as they stand at the end, in the order in which they were posted. */
export function finalScreen(io: Io): Screen {
  const show = showOn(io);
  return {
    forgotten: (message) => show(message),
    end(messages) {
      for (const message of messages) show(message);
    },
  };
}

/** Each message, reply and edit when it happens. */
export function eventScreen(io: Io): Screen {
  const show = showOn(io);
  return { shown: (act, message) => show(message, act), end: () => {} };
}

/** A message as `--json` has it. */
export interface JsonMessage {
  readonly place: string;
  readonly postedAt: string;
  readonly editedAt?: string | undefined;
  readonly edits: number;
  readonly isReply: boolean;
  /** As a person reads it. */
  readonly text: string;
  /** As Slack gets it. */
  readonly message: object;
}

/** Of more messages than are remembered only the last ones. */
export function jsonMessages(messages: readonly ShownMessage[]): readonly JsonMessage[] {
  return messages
    .slice(-MOST_MESSAGES)
    .map(({ place, postedAtMillis, editedAtMillis, edits, isInThread, message }) => ({
      place,
      postedAt: new Date(postedAtMillis).toISOString(),
      editedAt: editedAtMillis === undefined ? undefined : new Date(editedAtMillis).toISOString(),
      edits,
      isReply: isInThread,
      text: clean(messageText(message)),
      message,
    }));
}

function showOn({ stdout, environment }: Io): (message: ShownMessage, act?: 'posted' | 'edited') => void {
  const paint = createPaint(stdout, environment);
  let lastDay = '';
  return (shown, act) => {
    const { message, isInThread, editedAtMillis, postedAtMillis } = shown;
    const atMillis = act === 'edited' ? (editedAtMillis ?? postedAtMillis) : postedAtMillis;
    const day = new Date(atMillis).toDateString();
    if (day !== lastDay) stdout.write(`${paint('bold', `── ${day} ──`)}\n\n`);
    lastDay = day;
    const head = headOf(shown, act, atMillis);
    const lines = messageLines(message, { head, indent: isInThread ? '    ' : '', paint, width: widthOf(stdout) });
    stdout.write(`${lines.join('\n')}\n`);
  };
}

function headOf(
  { place, parent, isInThread, edits, editedAtMillis }: ShownMessage,
  act: string | undefined,
  at: number,
) {
  const parts = [place, timeOfDay(at)];
  if (isInThread) parts.push(parent ? `reply to: ${headlineOf(parent.message)}` : 'reply');
  if (act === 'edited') parts.push('edited');
  else if (act === undefined && edits > 0) {
    parts.push(`${countedOf(edits, 'edit')}, the last at ${timeOfDay(editedAtMillis ?? at)}`);
  }
  return parts.join(' · ');
}
