import type { MessageContent } from 'slack-inbox';
import type { Output } from './command.js';
import type { Paint } from './paint.js';
import { readMessage } from './read-message.js';

/** A message for a terminal: its head line dim, and behind a bar in its colour what a person would read in Slack. */
export function messageLines(
  message: MessageContent,
  { head, indent, paint, width }: MessageViewOptions,
): readonly string[] {
  const body = readMessage(message).map(({ text, style, color }) => {
    const shown = cutTo(text, width - indent.length - 2);
    return `${indent}${paint.hex(color, '┃')} ${style === undefined ? shown : paint(style, shown)}`.trimEnd();
  });
  return [paint('dim', cutTo(`${indent}${head}`, width)), ...body, ''];
}

/** How {@link messageLines} shows it. */
export interface MessageViewOptions {
  readonly head: string;
  readonly indent: string;
  readonly paint: Paint;
  readonly width: number;
}

/** Columns of the output; in a file nothing is cut. */
export function widthOf({ isTTY, columns }: Output): number {
  return isTTY ? (columns ?? 80) : Number.POSITIVE_INFINITY;
}

/** A time of day as the person at this terminal has it. */
export function timeOfDay(millis: number): string {
  return new Date(millis).toTimeString().slice(0, 8);
}

/** The text, or its beginning and `…`. */
export function cutTo(text: string, width: number): string {
  // Shorter in UTF-16 is shorter in characters too, and most are.
  if (text.length <= width) return text;
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(1, width - 1)).join('')}…`;
}
