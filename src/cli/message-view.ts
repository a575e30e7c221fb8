import { type JsonObject, type MessageContent, messageText } from '../inbox/index.js';
import { clean } from '../text.js';
import type { Output } from './command.js';
import type { Paint } from './paint.js';

/** A message for a terminal: its head line dim, and behind a bar in its colour what a person would read in Slack. */
export function messageLines(
  message: MessageContent,
  { head, indent, paint, width }: MessageViewOptions,
): readonly string[] {
  const body = readLines(message).map(({ text, style, color }) => {
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

/** What a message says first, in one line. */
export function headlineOf({ text, blocks }: MessageContent): string {
  const [first] = objectsOf(blocks);
  return clean(messageText(first ? { text: '', blocks: [first] } : { text })).split('\n', 1)[0] ?? '';
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

interface Line {
  readonly text: string;
  readonly style?: 'bold' | 'dim';
  readonly color: string | undefined;
}

function readLines(message: MessageContent): readonly Line[] {
  const attachments = objectsOf(message.attachments);
  const { text, blocks } = message;
  const color = colorOf(attachments[0]);
  const parts = attachments.map((each) =>
    styled(messageText({ text: '', attachments: [each] }), colorOf(each), objectsOf(each.blocks)),
  );
  // Several problems in one message: a line of air before each.
  const air: readonly Line[] = parts.length > 1 ? [{ text: '', color }] : [];
  const head = messageText({ text, blocks });
  return [head === '' ? [] : styled(head, color, objectsOf(blocks)), ...parts.map((part) => [...air, ...part])].flat();
}

const FENCE = '```';

function styled(text: string, color: string | undefined, [first]: readonly JsonObject[]): readonly Line[] {
  let isCode = false;
  return clean(text)
    .split('\n')
    .flatMap((line, index): readonly Line[] => {
      if (line === FENCE) {
        isCode = !isCode;
        return [];
      }
      if (isCode) return [{ text: line, style: 'dim', color }];
      if (index === 0 && first?.type === 'header') return [{ text: line, style: 'bold', color }];
      return [{ text: withoutMarkup(line), color }];
    });
}

/** ``*Request* `GET /` `` → `Request  GET /`; what is bold in a sentence is just said. */
function withoutMarkup(line: string): string {
  const label = /^\*([A-Z][^*]*)\* (?:`(.*)`|(.*))$/.exec(line);
  if (label) return `${label[1]}  ${label[2] ?? label[3]}`;
  return line.replace(/(^|· )\*([a-z][^*]*)\*/g, '$1$2');
}

function colorOf(attachment: JsonObject | undefined): string | undefined {
  return typeof attachment?.color === 'string' ? attachment.color : undefined;
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
