import type { MessageContent } from 'slack-inbox';
import stringWidth from 'string-width';
import type { Colors } from './colors.js';
import type { Output } from './command.js';
import { readMessage } from './read-message.js';

/** A message for a terminal: a dim line about the message, then its text behind a bar in the color of the attachment. */
export function formatMessage(
  message: MessageContent,
  { caption, indent, colors, width }: FormatOptions,
): readonly string[] {
  const body = readMessage(message).map(({ text, style, color }) => {
    const shown = truncate(text, width - indent.length - 2);
    const bar = isHexColor(color) ? colors.hex(color)('┃') : '┃';
    return `${indent}${bar} ${style === undefined ? shown : colors[style](shown)}`.trimEnd();
  });
  return [colors.dim(truncate(`${indent}${caption}`, width)), ...body, ''];
}

/** Options of {@link formatMessage}. */
export interface FormatOptions {
  /** Channel and time. */
  readonly caption: string;
  readonly indent: string;
  readonly colors: Colors;
  /** Columns; longer lines are cut. */
  readonly width: number;
}

/** Slack also has the names `good`, `warning` and `danger`, which chalk would show as black. */
function isHexColor(color: string | undefined): color is string {
  return /^#[\da-f]{6}$/i.test(color ?? '');
}

/** The columns of a terminal; 80 for one that reports none, or 0 as some terminals in containers do. Lines in a file are not cut. */
export function columnsOf({ isTTY, columns }: Output): number {
  return isTTY ? columns || 80 : Number.POSITIVE_INFINITY;
}

/** `14:02:07` in the local time zone. */
export function timeOfDay(millis: number): string {
  return new Date(millis).toTimeString().slice(0, 8);
}

/** Cuts a text to the columns that it may take; it then ends with `…`. Emoji and Chinese characters take two columns. */
export function truncate(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let width = 0;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width >= columns) break;
    cut += segment;
  }
  return `${cut}…`;
}
