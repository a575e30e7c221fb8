import { emojiText } from './emoji.js';
import { byType, isObject, objectsOf, stringOf } from './json.js';
import { LIMITS } from './limits.js';
import { decodeEntities, parseMrkdwn } from './markup.js';
import { dateNodes, markdownNodes, mention, mrkdwnNodes } from './page-mrkdwn.js';
import { box, element, link, type PageElement, type PageNode } from './page-node.js';
import { reactionsElement } from './page-reactions.js';
import { blockText, elementText } from './text.js';
import type { InboxMessage, JsonObject } from './types.js';

type ToNodes = (node: JsonObject) => PageNode[];

/** Where a message stands on the page: a reply that was sent to the channel too stands in both places. */
interface Standing {
  readonly channelName: string;
  readonly place: 'channel' | 'thread';
}

/** A message as the page shows it: what a stranger wrote is text in it, and links are safe. */
export function messageTree(message: InboxMessage, { channelName, place }: Standing): PageElement {
  const blocks = objectsOf(message.blocks);
  const notification = parseMrkdwn(message.text).map((token) => token.text);
  const date = { millis: message.receivedAtMillis, format: '{time}' };
  const head = [element('b', [`#${channelName}`]), ' ', element('time', [], { date })];
  if (message.edited) head.push(' ', element('span', ['(edited)']));
  if (message.reply_broadcast) {
    head.push(' ', element('span', [place === 'thread' ? 'also sent to the channel' : 'replied to a thread']));
  }
  const content = [
    // As in Slack: beside blocks the text is for notifications only.
    ...(blocks.length > 0 ? blocks.flatMap(blockNodes) : box('text', mrkdwnNodes(message.text))),
    ...objectsOf(message.attachments).flatMap(attachmentNodes),
  ];
  return element('article', [
    element('p', head, { class: 'head', title: notification.join('') }),
    element('div', content, { class: 'content' }),
    reactionsElement(message),
  ]);
}

/** A text object: nothing in plain_text is markup, but its entities are Slack's too. */
function textNodes(value: unknown): PageNode[] {
  if (!isObject(value)) return mrkdwnNodes(value);
  return value.type === 'mrkdwn' ? mrkdwnNodes(value.text) : [decodeEntities(stringOf(value.text))];
}

/** Pictures are not fetched: the page asks nobody but the inbox. */
function imageNode(node: JsonObject): PageElement {
  return element('span', [`[image: ${stringOf(node.alt_text)}]`], { class: 'image' });
}

const elementNodes: ToNodes = byType<PageNode[]>(
  {
    mrkdwn: textNodes,
    plain_text: textNodes,
    image: (node) => [imageNode(node)],
    button: (node) => {
      const url = stringOf(node.url);
      const isWeb = /^https?:/i.test(url);
      return isWeb ? link(url, textNodes(node.text), { class: 'button' }) : [inactive(textNodes(node.text))];
    },
  },
  (node) => [inactive([elementText(node)])],
);

/** Looks like a button and does nothing: the inbox takes no interactions. */
function inactive(label: PageNode[]): PageElement {
  return element('span', label, { class: 'button' });
}

function each(list: unknown, toNodes: ToNodes): PageElement[] {
  return objectsOf(list).flatMap((node) => box('item', toNodes(node)));
}

const inlineNodes: ToNodes = byType<PageNode[]>(
  {
    text: (node) => [stringOf(node.text)],
    link: (node) => link(stringOf(node.url), stringOf(node.text) === '' ? [] : [stringOf(node.text)]),
    user: (node) => [mention(`@${stringOf(node.user_id)}`)],
    usergroup: (node) => [mention(`@${stringOf(node.usergroup_id)}`)],
    channel: (node) => [mention(`#${stringOf(node.channel_id)}`)],
    broadcast: (node) => [mention(`@${stringOf(node.range)}`)],
    emoji: (node) => [emojiText(stringOf(node.name))],
    color: (node) => [stringOf(node.value)],
    date: (node) =>
      dateNodes({
        unixSeconds: String(node.timestamp),
        format: stringOf(node.format),
        url: stringOf(node.url),
        fallback: stringOf(node.fallback),
      }),
  },
  () => [],
);

const STYLES = { code: 'code', bold: 'strong', italic: 'em', strike: 'del' } as const;

function inline(node: JsonObject): PageNode[] {
  return objectsOf(node.elements).flatMap((part) => {
    const style = isObject(part.style) ? part.style : {};
    const tags = Object.entries(STYLES).filter(([name]) => style[name] === true);
    return tags.reduce((nodes, [, tag]) => [element(tag, nodes)], inlineNodes(part));
  });
}

function indented(nodes: PageElement[], levels: number): PageElement[] {
  return levels > 0 ? indented(box('indent', nodes), Math.min(levels, LIMITS.listIndent) - 1) : nodes;
}

const richPartNodes: ToNodes = byType<PageNode[]>(
  {
    rich_text_preformatted: (node) => [element('pre', inline(node))],
    rich_text_quote: (node) => [element('blockquote', inline(node))],
    rich_text_list: (node) => {
      const items = objectsOf(node.elements).map((item) => element('li', inline(item)));
      return indented([element(node.style === 'ordered' ? 'ol' : 'ul', items)], Number(node.indent));
    },
  },
  (node) => box('text', inline(node)),
);

const richNodes: ToNodes = (node) => objectsOf(node.elements).flatMap(richPartNodes);

const cellNodes: ToNodes = byType<PageNode[]>({ rich_text: richNodes }, (node) => [
  stringOf(node.text) || String(node.value ?? ''),
]);

function tableNodes(node: JsonObject): PageNode[] {
  const rows = Array.isArray(node.rows) ? node.rows : [];
  const cells = (row: unknown) => objectsOf(row).map((cell) => element('td', cellNodes(cell)));
  const table = element(
    'table',
    rows.map((row) => element('tr', cells(row))),
  );
  return box('wide', [table]);
}

const blockNodes: ToNodes = byType<PageNode[]>(
  {
    header: (node) => [element('h3', textNodes(node.text))],
    section: (node) => [
      ...box('text', textNodes(node.text)),
      ...box('fields', each(node.fields, textNodes)),
      ...(isObject(node.accessory) ? box('row', elementNodes(node.accessory)) : []),
    ],
    divider: () => [element('hr', [])],
    context: (node) => box('context', each(node.elements, elementNodes)),
    actions: (node) => box('row', objectsOf(node.elements).flatMap(elementNodes)),
    image: (node) => [...box('text', textNodes(node.title)), ...box('text', [imageNode(node)])],
    rich_text: richNodes,
    markdown: (node) => box('text', markdownNodes(node.text)),
    table: tableNodes,
  },
  (node) => box('text', [blockText(node)]),
);

const COLORS: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

function colorOf(color: unknown): string | undefined {
  const name = stringOf(color);
  if (Object.hasOwn(COLORS, name)) return COLORS[name];
  return /^#?[0-9a-f]{6}$/i.test(name) ? `#${name.replace('#', '')}` : undefined;
}

function attachmentNodes(attachment: JsonObject): PageNode[] {
  const parts = [
    ...box('context', mrkdwnNodes(attachment.author_name)),
    ...box('text', titleNodes(attachment)),
    ...box('text', mrkdwnNodes(attachment.text)),
    ...box('fields', each(attachment.fields, fieldNodes)),
    ...objectsOf(attachment.blocks).flatMap(blockNodes),
    ...(attachment.image_url ? box('text', [imageNode({ alt_text: attachment.image_url })]) : []),
    ...box('context', [...box('item', mrkdwnNodes(attachment.footer)), ...box('item', footerDate(attachment.ts))]),
  ];
  const color = colorOf(attachment.color);
  const shown = parts.length > 0 ? parts : [decodeEntities(stringOf(attachment.fallback))];
  return [
    ...box('text', mrkdwnNodes(attachment.pretext)),
    ...box('attachment', shown, color === undefined ? {} : { color }),
  ];
}

function titleNodes({ title, title_link }: JsonObject): PageNode[] {
  const text = mrkdwnNodes(title);
  if (text.length === 0) return [];
  return [element('strong', stringOf(title_link) === '' ? text : link(stringOf(title_link), text))];
}

function fieldNodes({ title, value }: JsonObject): PageNode[] {
  return [element('strong', mrkdwnNodes(title)), '\n', ...mrkdwnNodes(value)];
}

function footerDate(ts: unknown): PageNode[] {
  if (typeof ts !== 'number' && typeof ts !== 'string') return [];
  const unixSeconds = String(Math.trunc(Number(ts)));
  return dateNodes({ unixSeconds, format: '{date_short_pretty} {time}', url: '', fallback: '' });
}
