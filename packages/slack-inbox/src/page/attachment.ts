import { isObject, type JsonObject, objectsOf, stringOf } from '../model/index.js';
import { decodeEntities } from '../mrkdwn/index.js';
import { box, element, link, type PageElement, type PageNode } from '../ui/tree.js';
import { blockNodes, imageNode } from './blocks.js';
import { dateNodes, mrkdwnNodes } from './mrkdwn.js';

const COLORS: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

function colorOf(color: unknown): string | undefined {
  const name = stringOf(color);
  if (Object.hasOwn(COLORS, name)) return COLORS[name];
  return /^#?[0-9a-f]{6}$/i.test(name) ? `#${name.replace('#', '')}` : undefined;
}

/** Renders an attachment: its blocks, or its legacy fields, beside a coloured bar. */
export function attachmentNodes(attachment: JsonObject): PageNode[] {
  const main = [
    ...box('context', authorNodes(attachment)),
    ...box('text', titleNodes(attachment)),
    ...box('text', mrkdwnNodes(attachment.text)),
    ...box('fields', objectsOf(attachment.fields).map(fieldElement)),
    ...objectsOf(attachment.blocks).flatMap(blockNodes),
    ...pictureNodes(attachment.image_url),
    ...box('context', [...box('item', mrkdwnNodes(attachment.footer)), ...box('item', footerDate(attachment.ts))]),
  ];
  const thumb = pictureNodes(attachment.thumb_url);
  const parts = thumb.length > 0 ? box('beside', [...box('main', main), ...thumb]) : main;
  const color = colorOf(attachment.color);
  const shown = parts.length > 0 ? parts : [decodeEntities(stringOf(attachment.fallback))];
  return [
    ...box('text', mrkdwnNodes(attachment.pretext)),
    ...box('attachment', shown, color === undefined ? {} : { color }),
  ];
}

function authorNodes({ author_name, author_link }: JsonObject): PageNode[] {
  return asLink(mrkdwnNodes(author_name), author_link);
}

function titleNodes({ title, title_link }: JsonObject): PageNode[] {
  const text = mrkdwnNodes(title);
  return text.length === 0 ? [] : [element('strong', asLink(text, title_link))];
}

function asLink(text: PageNode[], url: unknown): PageNode[] {
  return text.length === 0 || stringOf(url) === '' ? text : link(stringOf(url), text);
}

/** Two short fields share a row; a long field has a row of its own. */
function fieldElement({ title, value, short }: JsonObject): PageElement {
  const label = box('label', mrkdwnNodes(title));
  return element('div', [...label, ...mrkdwnNodes(value)], { class: isTrue(short) ? 'item' : 'item long' });
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function pictureNodes(url: unknown): PageElement[] {
  if (isObject(url) || stringOf(url) === '') return [];
  return box('text', [imageNode({ image_url: url, alt_text: stringOf(url) })]);
}

function footerDate(ts: unknown): PageNode[] {
  if (typeof ts !== 'number' && typeof ts !== 'string') return [];
  const unixSeconds = String(Math.trunc(Number(ts)));
  return dateNodes({ unixSeconds, format: '{date_short_pretty} {time}', url: '', fallback: '' });
}
