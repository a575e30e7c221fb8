import { byType, isObject, type JsonObject, objectsOf, stringOf } from '../model/index.js';
import { formatDate } from './date.js';
import { decodeEntities, labelled, type MessageContent, parseMrkdwn } from './parse.js';

const DIVIDER = '─'.repeat(24);

/**
 * Returns what Slack shows of a message, as plain text: blocks and attachments in their order, dates in the time zone of
 * this process, entities decoded, links as `label (url)`. `*`, `_` and code fences are left in the text. As in Slack, the
 * top-level `text` is shown only when there are no blocks.
 */
export function messageText(message: MessageContent): string {
  const blocks = objectsOf(message.blocks);
  const head = blocks.length > 0 ? blocks.map(blockText) : [mrkdwn(message.text)];
  return lines([...head, ...objectsOf(message.attachments).map(attachmentText)]);
}

function lines(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

function mrkdwn(text: unknown): string {
  return parseMrkdwn(stringOf(text))
    .map((token) => token.text)
    .join('');
}

type ToText = (node: JsonObject) => string;

/** The text of a text object. A plain_text has no markup, but has entities to decode. */
function textObject(value: unknown): string {
  if (typeof value === 'string') return mrkdwn(value);
  if (!isObject(value)) return '';
  return value.type === 'mrkdwn' ? mrkdwn(value.text) : decodeEntities(stringOf(value.text));
}

/** The text of one element of a context block, an actions block or a section. */
export const elementText: ToText = byType(
  {
    button: (node) => labelled(`[${textObject(node.text)}]`, stringOf(node.url)),
    image: (node) => `[image: ${stringOf(node.alt_text)}]`,
    mrkdwn: textObject,
    plain_text: textObject,
  },
  (node) => `[${textObject(node.placeholder) || stringOf(node.type)}]`,
);

const inlineText: ToText = byType(
  {
    text: (node) => stringOf(node.text),
    link: (node) => labelled(stringOf(node.text), stringOf(node.url)),
    user: (node) => `@${stringOf(node.user_id)}`,
    usergroup: (node) => `@${stringOf(node.usergroup_id)}`,
    channel: (node) => `#${stringOf(node.channel_id)}`,
    broadcast: (node) => `@${stringOf(node.range)}`,
    emoji: (node) => `:${stringOf(node.name)}:`,
    color: (node) => stringOf(node.value),
    date: (node) => formatDate(String(node.timestamp), stringOf(node.format)) ?? stringOf(node.fallback),
  },
  () => '',
);

function inline(node: JsonObject): string {
  return objectsOf(node.elements).map(inlineText).join('');
}

const richPartText: ToText = byType(
  {
    rich_text_quote: (node) => inline(node).replace(/^/gm, '> '),
    rich_text_list: (node) => {
      const indent = '  '.repeat(Number(node.indent ?? 0) || 0);
      const mark = (index: number) => (node.style === 'ordered' ? `${index + 1}.` : '•');
      return lines(objectsOf(node.elements).map((item, index) => `${indent}${mark(index)} ${inline(item)}`));
    },
  },
  inline,
);

const richText: ToText = (node) => lines(objectsOf(node.elements).map(richPartText));

const cellText: ToText = byType({ rich_text: richText }, (node) => stringOf(node.text) || String(node.value ?? ''));

const sectionText: ToText = (node) =>
  lines([
    textObject(node.text),
    // Most fields are a label above a value. One line is easier to read in a terminal.
    ...objectsOf(node.fields).map((field) => textObject(field).replace('\n', ' ')),
    isObject(node.accessory) ? elementText(node.accessory) : '',
  ]);

/** The text of one block. */
export const blockText: ToText = byType(
  {
    header: (node) => textObject(node.text),
    section: sectionText,
    divider: () => DIVIDER,
    context: (node) => objectsOf(node.elements).map(elementText).join('  '),
    actions: (node) => objectsOf(node.elements).map(elementText).join('  '),
    image: (node) => lines([textObject(node.title), elementText(node)]),
    rich_text: richText,
    markdown: (node) => mrkdwn(node.text),
    table: (node) => {
      const rows = Array.isArray(node.rows) ? node.rows : [];
      return lines(rows.map((row) => objectsOf(row).map(cellText).join(' | ')));
    },
  },
  (node) => lines(Object.values(node).filter(isObject).map(textObject)) || `[${stringOf(node.type)}]`,
);

function attachmentText(attachment: JsonObject): string {
  const shown = lines([
    mrkdwn(attachment.pretext),
    mrkdwn(attachment.author_name),
    labelled(mrkdwn(attachment.title), stringOf(attachment.title_link)),
    mrkdwn(attachment.text),
    ...objectsOf(attachment.fields).map((field) => `${mrkdwn(field.title)}: ${mrkdwn(field.value)}`),
    ...objectsOf(attachment.blocks).map(blockText),
    attachment.image_url ? `[image: ${stringOf(attachment.image_url)}]` : '',
    lines([mrkdwn(attachment.footer), timestamp(attachment.ts)]).replace('\n', ' | '),
  ]);
  return shown === '' ? decodeEntities(stringOf(attachment.fallback)) : shown;
}

function timestamp(ts: unknown): string {
  if (typeof ts !== 'number' && typeof ts !== 'string') return '';
  return formatDate(String(Math.trunc(Number(ts))), '{date_num} {time_secs}') ?? '';
}
