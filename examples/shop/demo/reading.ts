import { type InboxMessage, type JsonObject, messageText } from 'opentelemetry-exporter-slack/inbox';

/** A line of a message, as a terminal can show it. */
export interface Line {
  readonly text: string;
  readonly style?: 'bold' | 'dim';
  /** Of the bar on its left. */
  readonly color: string | undefined;
}

/** A message line by line: headlines bold, stacks dim, without the signs of Slack's markup. */
export function readMessage({ text, blocks = [], attachments = [] }: InboxMessage): readonly Line[] {
  const headColor = colorOf(attachments[0]);
  const head = styled(messageText({ text, blocks }), headColor, blocks);
  const parts = attachments.map((each) => {
    return styled(messageText({ text: '', attachments: [each] }), colorOf(each), each.blocks);
  });
  // Several problems in one message: a line of air before each.
  const air: readonly Line[] = parts.length > 1 ? [{ text: '', color: headColor }] : [];
  return [head, ...parts.map((part) => [...air, ...part])].flat();
}

/** What a message says first. */
export function headlineOf({ text, blocks = [] }: Pick<InboxMessage, 'text' | 'blocks'>): string {
  const [first] = blocks;
  return messageText(first ? { text: '', blocks: [first] } : { text }).split('\n', 1)[0] ?? '';
}

function styled(text: string, color: string | undefined, blocks: unknown): readonly Line[] {
  const isHeaded = Array.isArray(blocks) && (blocks[0] as JsonObject | undefined)?.type === 'header';
  let isStack = false;
  return text.split('\n').flatMap((line, index): readonly Line[] => {
    if (line === FENCE) {
      isStack = !isStack;
      return [];
    }
    if (isStack) return [{ text: line, style: 'dim', color }];
    return [isHeaded && index === 0 ? { text: line, style: 'bold', color } : { text: withoutMarkup(line), color }];
  });
}

const FENCE = '```';

/** ``*Request* `GET /` `` → `Request  GET /`; what is bold in a sentence is just said. */
function withoutMarkup(line: string): string {
  const label = /^\*([A-Z][^*]*)\* (?:`(.*)`|(.*))$/.exec(line);
  if (label) return `${label[1]}  ${label[2] ?? label[3]}`;
  return line.replace(/(^|· )\*([a-z][^*]*)\*/g, '$1$2');
}

function colorOf(attachment: JsonObject | undefined): string | undefined {
  return typeof attachment?.color === 'string' ? attachment.color : undefined;
}
