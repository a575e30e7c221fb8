import { messageText } from 'slack-inbox';
import { clean, countedOf } from '../../../../src/util/index.js';
import { createColors } from '../shared/colors.js';
import type { Io } from '../shared/command.js';
import { columnsOf, formatMessage, timeOfDay } from '../shared/format-message.js';
import { headlineOf } from '../shared/read-message.js';
import { type ChannelMessage, MAX_MESSAGES, type MessageListener } from './slack.js';

/** Prints the messages of a preview. */
export interface MessagePrinter extends MessageListener {
  /** Is called after the last record, with the messages that are still kept. */
  end(messages: readonly ChannelMessage[]): void;
}

/** Prints each message once, as it looks at the end, in the order of posting. */
export function printFinalMessages(io: Io): MessagePrinter {
  const print = createPrint(io);
  return {
    onEvict: (message) => print(message),
    end(messages) {
      for (const message of messages) print(message);
    },
  };
}

/** Prints each message, reply and edit at its time. */
export function printEachChange(io: Io): MessagePrinter {
  const print = createPrint(io);
  return { onChange: (change, message) => print(message, change), end: () => {} };
}

/** A message as `--json` prints it. */
export interface JsonMessage {
  readonly destination: string;
  readonly postedAt: string;
  readonly editedAt?: string | undefined;
  readonly edits: number;
  readonly isReply: boolean;
  /** The text without Slack's markup. */
  readonly text: string;
  /** The payload that Slack would get. */
  readonly message: object;
}

/** The messages for `--json`; only the last ones of very many. */
export function jsonMessages(messages: readonly ChannelMessage[]): readonly JsonMessage[] {
  return messages
    .slice(-MAX_MESSAGES)
    .map(({ destination, postedAtMillis, editedAtMillis, edits, isInThread, message }) => ({
      destination,
      postedAt: new Date(postedAtMillis).toISOString(),
      editedAt: editedAtMillis === undefined ? undefined : new Date(editedAtMillis).toISOString(),
      edits,
      isReply: isInThread,
      text: clean(messageText(message)),
      message,
    }));
}

function createPrint({ stdout, environment }: Io): (message: ChannelMessage, change?: 'posted' | 'edited') => void {
  const colors = createColors(stdout, environment);
  let lastDay = '';
  return (channelMessage, change) => {
    const { message, isInThread, editedAtMillis, postedAtMillis } = channelMessage;
    const atMillis = change === 'edited' ? (editedAtMillis ?? postedAtMillis) : postedAtMillis;
    const day = new Date(atMillis).toDateString();
    if (day !== lastDay) stdout.write(`${colors.bold(`── ${day} ──`)}\n\n`);
    lastDay = day;
    const caption = captionOf(channelMessage, change, atMillis);
    const indent = isInThread ? '    ' : '';
    const lines = formatMessage(message, { caption, indent, colors, width: columnsOf(stdout) });
    stdout.write(`${lines.join('\n')}\n`);
  };
}

function captionOf(
  { destination, parent, isInThread, edits, editedAtMillis }: ChannelMessage,
  change: string | undefined,
  atMillis: number,
): string {
  const parts = [destination, timeOfDay(atMillis)];
  if (isInThread) parts.push(parent ? `reply to: ${headlineOf(parent.message)}` : 'reply');
  if (change === 'edited') parts.push('edited');
  else if (change === undefined && edits > 0) {
    parts.push(`${countedOf(edits, 'edit')}, the last at ${timeOfDay(editedAtMillis ?? atMillis)}`);
  }
  return parts.join(' · ');
}
