/** Every tag that a message on the page can have: none of them loads or runs anything, and there is no form to submit. */
export const TAGS = [
  'a',
  'article',
  'b',
  'blockquote',
  'button',
  'code',
  'del',
  'details',
  'div',
  'em',
  'h3',
  'hr',
  'li',
  'ol',
  'p',
  'pre',
  'span',
  'strong',
  'summary',
  'table',
  'td',
  'time',
  'tr',
  'ul',
] as const;

type Tag = (typeof TAGS)[number];

/** What the page's script builds the DOM from: a string is text and nothing else. */
export type PageNode = string | PageElement;

export interface PageElement extends Attributes {
  readonly tag: Tag;
  readonly children: readonly PageNode[];
}

interface Attributes {
  /** One of ours, never a stranger's. */
  readonly class?: string;
  /** See {@link link}. */
  readonly href?: string;
  readonly title?: string;
  /** For those who do not see it, instead of its text. */
  readonly label?: string;
  /** Of a button: a click puts this emoji under the message, or takes it back when it is the person's own. */
  readonly reaction?: { readonly name: string; readonly own: boolean };
  /** Of the bar of an attachment: `#rrggbb`. */
  readonly color?: string;
  /** Shown in the reader's time zone, which only the browser knows. `format` has tokens of `DATE_TOKENS`. */
  readonly date?: { readonly millis: number; readonly format: string };
}

export function element(tag: Tag, children: readonly PageNode[], attributes: Attributes = {}): PageElement {
  return { tag, ...attributes, children: children.filter((each) => each !== '') };
}

/** A `div` with a class; nothing when it would be empty. */
export function box(name: string, children: readonly PageNode[], attributes: Attributes = {}): PageElement[] {
  const made = element('div', children, { class: name, ...attributes });
  return made.children.length === 0 ? [] : [made];
}

/** A link that is safe to click, or its parts as text. */
export function link(url: string, label: readonly PageNode[], attributes: Attributes = {}): PageNode[] {
  const shown = label.length > 0 ? label : [url];
  const { protocol, href } = URL.canParse(url) ? new URL(url) : { protocol: '', href: '' };
  if (['http:', 'https:', 'mailto:'].includes(protocol)) return [element('a', shown, { href, ...attributes })];
  return label.length > 0 && url !== '' ? [...label, ` (${url})`] : [...shown];
}
