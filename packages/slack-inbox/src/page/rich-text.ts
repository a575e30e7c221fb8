import { byType, isObject, type JsonObject, LIMITS, objectsOf, stringOf } from '../model/index.js';
import { emojiText } from '../mrkdwn/index.js';
import { box, element, link, type PageElement, type PageNode } from '../ui/tree.js';
import { dateNodes, mention } from './mrkdwn.js';

type ToNodes = (node: JsonObject) => PageNode[];

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

const partNodes: ToNodes = byType<PageNode[]>(
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

/** Renders a `rich_text` block. Its texts have no markup. */
export const richTextNodes: ToNodes = (node) => objectsOf(node.elements).flatMap(partNodes);
