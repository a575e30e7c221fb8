import { byType, isObject, type JsonObject, objectsOf, stringOf } from '../model/index.js';
import { blockText, decodeEntities, elementText } from '../mrkdwn/index.js';
import { box, element, link, type PageElement, type PageNode, safeHref } from '../ui/tree.js';
import { markdownNodes } from './markdown.js';
import { mrkdwnNodes } from './mrkdwn.js';
import { richTextNodes } from './rich-text.js';

type ToNodes = (node: JsonObject) => PageNode[];

/** Renders a text object. A plain_text has no markup, but has entities to decode. */
function textNodes(value: unknown): PageNode[] {
  if (!isObject(value)) return mrkdwnNodes(value);
  return value.type === 'mrkdwn'
    ? mrkdwnNodes(value.text, { isVerbatim: value.verbatim === true })
    : [decodeEntities(stringOf(value.text))];
}

/** Renders a picture as a link with its alternative text. The page loads nothing from other servers. */
export function imageNode(node: JsonObject): PageElement {
  const label = stringOf(node.alt_text) || 'image';
  const href = safeHref(stringOf(node.image_url));
  const title = `A picture, not loaded: ${stringOf(node.image_url)}`;
  return href === undefined
    ? element('span', [label], { class: 'image' })
    : element('a', [label], { class: 'image', href, title });
}

const BUTTON_STYLES = ['primary', 'danger'];

const elementNodes: ToNodes = byType<PageNode[]>(
  {
    mrkdwn: textNodes,
    plain_text: textNodes,
    image: (node) => [imageNode(node)],
    button: (node) => {
      const url = stringOf(node.url);
      const style = BUTTON_STYLES.find((each) => each === node.style);
      const className = style === undefined ? 'button' : `button ${style}`;
      const isWeb = /^https?:/i.test(url);
      return isWeb ? link(url, textNodes(node.text), { class: className }) : [inactive(textNodes(node.text))];
    },
  },
  (node) => [inactive([elementText(node)])],
);

/** Renders a button without a function, because the inbox has no interactions. */
function inactive(label: PageNode[]): PageElement {
  return element('span', label, {
    class: 'button inactive',
    title: 'This button does nothing: the inbox has no interactions',
  });
}

function itemBoxes(list: unknown, toNodes: ToNodes): PageElement[] {
  return objectsOf(list).flatMap((node) => box('item', toNodes(node)));
}

function sectionNodes(node: JsonObject): PageNode[] {
  const main = [...box('text', textNodes(node.text)), ...box('fields', itemBoxes(node.fields, textNodes))];
  const accessory = isObject(node.accessory) ? box('accessory', elementNodes(node.accessory)) : [];
  return accessory.length === 0 ? main : box('beside', [...box('main', main), ...accessory]);
}

const cellNodes: ToNodes = byType<PageNode[]>({ rich_text: richTextNodes }, (node) => [
  stringOf(node.text) || String(node.value ?? ''),
]);

const ALIGNMENTS = ['center', 'right'];

function tableNodes(node: JsonObject): PageNode[] {
  const rows = Array.isArray(node.rows) ? node.rows : [];
  const settings = Array.isArray(node.column_settings) ? node.column_settings : [];
  const alignOf = (column: number) =>
    ALIGNMENTS.find((align) => isObject(settings[column]) && settings[column].align === align);
  const cell = (content: JsonObject, column: number) => {
    const align = alignOf(column);
    return element('td', cellNodes(content), align === undefined ? {} : { class: align });
  };
  const table = element(
    'table',
    rows.map((row) => element('tr', objectsOf(row).map(cell))),
  );
  return box('wide', [table]);
}

/** Renders one block as Slack shows it. */
export const blockNodes: ToNodes = byType<PageNode[]>(
  {
    header: (node) => [element('h2', textNodes(node.text))],
    section: sectionNodes,
    divider: () => [element('hr', [])],
    context: (node) => box('context', itemBoxes(node.elements, elementNodes)),
    actions: (node) => box('row', objectsOf(node.elements).flatMap(elementNodes)),
    image: (node) => [...box('label', textNodes(node.title)), ...box('picture', [imageNode(node)])],
    rich_text: richTextNodes,
    markdown: (node) => markdownNodes(node.text),
    table: tableNodes,
  },
  (node) => box('text', [blockText(node)]),
);
