/** Every tag that what a message says can have: none of them loads or runs anything, and there is no form to submit. */
export const TAGS = [
  'a',
  'b',
  'blockquote',
  'code',
  'del',
  'div',
  'em',
  'h2',
  'hr',
  'li',
  'ol',
  'pre',
  'span',
  'strong',
  'table',
  'td',
  'th',
  'time',
  'tr',
  'ul',
] as const;

type Tag = (typeof TAGS)[number];

/** What the page builds the DOM from: a string is text and nothing else. */
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

/** What may stand in a link, as the browser writes it; nothing for what is no address that is safe to click. */
export function safeHref(url: string): string | undefined {
  const { protocol, href } = URL.canParse(url) ? new URL(url) : { protocol: '', href: '' };
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined;
}

/** A link that is safe to click, or its parts as text. */
export function link(url: string, label: readonly PageNode[], attributes: Attributes = {}): PageNode[] {
  const shown = label.length > 0 ? label : [url];
  const href = safeHref(url);
  if (href !== undefined) return [element('a', shown, { href, ...attributes })];
  return label.length > 0 && url !== '' ? [...label, ` (${url})`] : [...shown];
}
