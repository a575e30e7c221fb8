import { type JsonObject, type MessageContent, messageText } from 'slack-inbox';
import { clean } from '../../../../src/util/text.js';

/** What a message says first, in one line. */
export function headlineOf({ text, blocks }: MessageContent): string {
  const [first] = objectsOf(blocks);
  return clean(messageText(first ? { text: '', blocks: [first] } : { text })).split('\n', 1)[0] ?? '';
}

/** A line of a message, as a terminal can show it. */
export interface Line {
  readonly text: string;
  readonly style?: 'bold' | 'dim';
  /** Of the bar on its left. */
  readonly color: string | undefined;
}

/** A message line by line: headlines bold, stacks dim, without the signs of Slack's markup. */
export function readMessage(message: MessageContent): readonly Line[] {
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
