import { type JsonObject, type MessageContent, messageText } from 'slack-inbox';
import { clean } from '../../../../src/util/index.js';

/** The first line of a message. */
export function headlineOf({ text, blocks }: MessageContent): string {
  const [first] = objectsIn(blocks);
  return clean(messageText(first ? { text: '', blocks: [first] } : { text })).split('\n', 1)[0] ?? '';
}

/** A line of a message without Slack's markup. */
export interface MessageLine {
  readonly text: string;
  readonly style?: 'bold' | 'dim';
  /** The color of the attachment, as Slack writes it. */
  readonly color: string | undefined;
}

/** Reads a message line by line: headlines are bold, stack traces are dim, Slack's markup is removed. */
export function readMessage(message: MessageContent): readonly MessageLine[] {
  const attachments = objectsIn(message.attachments);
  const { text, blocks } = message;
  const color = colorOf(attachments[0]);
  const parts = attachments.map((attachment) =>
    toLines(messageText({ text: '', attachments: [attachment] }), colorOf(attachment), objectsIn(attachment.blocks)),
  );
  // A message about several problems gets an empty line before each.
  const separator: readonly MessageLine[] = parts.length > 1 ? [{ text: '', color }] : [];
  const top = messageText({ text, blocks });
  return [
    top === '' ? [] : toLines(top, color, objectsIn(blocks)),
    ...parts.map((part) => [...separator, ...part]),
  ].flat();
}

const CODE_FENCE = '```';

function toLines(text: string, color: string | undefined, [firstBlock]: readonly JsonObject[]): readonly MessageLine[] {
  let isCode = false;
  return clean(text)
    .split('\n')
    .flatMap((line, index): readonly MessageLine[] => {
      if (line === CODE_FENCE) {
        isCode = !isCode;
        return [];
      }
      if (isCode) return [{ text: line, style: 'dim', color }];
      if (index === 0 && firstBlock?.type === 'header') return [{ text: line, style: 'bold', color }];
      return [{ text: withoutMarkup(line), color }];
    });
}

/** ``*Request* `GET /` `` → `Request  GET /`. Bold words inside a sentence become plain words. */
function withoutMarkup(line: string): string {
  const field = /^\*([A-Z][^*]*)\* (?:`(.*)`|(.*))$/.exec(line);
  if (field) return `${field[1]}  ${field[2] ?? field[3]}`;
  return line.replace(/(^|· )\*([a-z][^*]*)\*/g, '$1$2');
}

function colorOf(attachment: JsonObject | undefined): string | undefined {
  return typeof attachment?.color === 'string' ? attachment.color : undefined;
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
