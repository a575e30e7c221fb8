/** The tags that the content of a message can have. None of them loads, runs or submits anything. */
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

/** A node of the content, from which the page builds the DOM. A string is text, never HTML. */
export type PageNode = string | PageElement;

export interface PageElement extends Attributes {
  readonly tag: Tag;
  readonly children: readonly PageNode[];
}

interface Attributes {
  /** A class of the page's style sheets, never a value from a message. */
  readonly class?: string;
  /** See {@link link}. */
  readonly href?: string;
  readonly title?: string;
  /** The colour of an attachment's bar: `#rrggbb`. */
  readonly color?: string;
  /** A date that the browser formats in the reader's time zone. `format` has tokens of `DATE_TOKENS`. */
  readonly date?: { readonly millis: number; readonly format: string };
}

export function element(tag: Tag, children: readonly PageNode[], attributes: Attributes = {}): PageElement {
  return { tag, ...attributes, children: children.filter((each) => each !== '') };
}

/** Returns a `div` with a class; an empty array when it has no children. */
export function box(name: string, children: readonly PageNode[], attributes: Attributes = {}): PageElement[] {
  const created = element('div', children, { class: name, ...attributes });
  return created.children.length === 0 ? [] : [created];
}

/** Returns the normalized address when its scheme is safe to click, otherwise `undefined`. */
export function safeHref(url: string): string | undefined {
  const { protocol, href } = URL.canParse(url) ? new URL(url) : { protocol: '', href: '' };
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined;
}

/** Returns a link; its label and address as text when the address is not safe to click. */
export function link(url: string, label: readonly PageNode[], attributes: Attributes = {}): PageNode[] {
  const shown = label.length > 0 ? label : [url];
  const href = safeHref(url);
  if (href !== undefined) return [element('a', shown, { href, ...attributes })];
  return label.length > 0 && url !== '' ? [...label, ` (${url})`] : [...shown];
}
