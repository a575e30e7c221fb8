import { flagOf, isObject, type JsonObject, objectsOf, stringOf } from '../model/index.js';
import { formatDate } from './date.js';

/** The fields that {@link messageText} and {@link liveMarkup} read from a message of the inbox, or from a request body. */
export interface MessageContent {
  readonly text?: unknown;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly mrkdwn?: unknown;
  readonly parse?: unknown;
  readonly link_names?: unknown;
  /** Only in a message of the inbox: the request body, which has the flags. */
  readonly payload?: JsonObject;
}

/** The meaning of a `<…>` in mrkdwn, with entities decoded. */
export type Control =
  | { readonly kind: 'mention'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | {
      readonly kind: 'date';
      readonly unixSeconds: string;
      readonly format: string;
      readonly url: string;
      readonly fallback: string;
    };

/** A part of a mrkdwn string: text, or a `<…>` that has a meaning in Slack. */
type Token =
  | { readonly live?: undefined; readonly text: string }
  | { readonly live: string; readonly control: Control; readonly text: string };

// A mention, a channel, a command, or a link. A link has a scheme or a label: `<module>` is text.
const CONTROL = /^(?:[@#!]|[a-z][a-z0-9+.-]*:|[^\s|]+\.[^\s|]+\|)/i;

/** Splits mrkdwn as Slack does. `<…>` has its meaning in code fences too. `text` is the text that Slack shows. */
export function parseMrkdwn(text: string): Token[] {
  return text.split(/(<[^<>]+>)/).map((part) => {
    const inner = part.slice(1, -1);
    const isControl = part.startsWith('<') && part.endsWith('>') && CONTROL.test(inner);
    if (!isControl) return { text: decodeEntities(part) };
    const control = parseControl(decodeEntities(inner));
    return { live: part, control, text: textOfControl(control) };
  });
}

/** Decodes the three entities that Slack knows. */
export function decodeEntities(text: string): string {
  const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => characters[entity] ?? entity);
}

function parseControl(inner: string): Control {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : inner.slice(bar + 1);
  if (target.startsWith('!date^')) {
    const [, unixSeconds = '', format = '', url = ''] = target.split('^');
    return { kind: 'date', unixSeconds, format, url, fallback: label };
  }
  return /^[@#!]/.test(target)
    ? { kind: 'mention', text: mentionText(target, label) }
    : { kind: 'link', url: target, label };
}

function mentionText(target: string, label: string): string {
  if (target.startsWith('!subteam^')) return label || `@${target.slice('!subteam^'.length)}`;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  if (target.startsWith('@')) return label ? `@${label.replace(/^@/, '')}` : target;
  return label ? `#${label}` : target;
}

/** Returns `label (url)`, or only one of them when the other is empty or equal. */
export function labelled(label: string, url: string): string {
  if (label === '') return url;
  return url === '' || url === label ? label : `${label} (${url})`;
}

function textOfControl(control: Control): string {
  if (control.kind === 'mention') return control.text;
  if (control.kind === 'link') return labelled(control.label, control.url);
  return labelled(formatDate(control.unixSeconds, control.format) ?? control.fallback, control.url);
}

// Each pattern starts only at the start of a word. Otherwise a long word would be searched once for each of its letters.
const URLS = /(?<![\w.-])(?:https?:\/\/|ftp:\/\/|mailto:|www\.)[^\s<>|]*[^\s<>|.,;:!?)\]'"]/gi;
const TLD = 'com|net|org|io|dev|app|co|info|biz|xyz|ru|cn|example';
const DOMAINS = new RegExp(`(?<![\\w.@/-])(?:[a-z0-9-]+\\.)+(?:${TLD})(?![\\w-])(?:/[^\\s<>|]*)?`, 'gi');
const MAILS = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const NAMES = /(?<![\w@#&])(?:@(?:here|channel|everyone|group)(?!\w)|#[a-z0-9_-]*[a-z_][a-z0-9_-]*)/gi;
const PERSONS = /(?<![\w@#&])@[\w.-]+/g;

function matches(text: string, ...patterns: readonly RegExp[]): string[] {
  return patterns.flatMap((pattern) => text.match(pattern) ?? []);
}

/** The kinds of plain text that Slack turns into links and mentions. */
interface AutoLinks {
  readonly urls: boolean;
  readonly names: boolean;
  readonly persons: boolean;
}

function liveIn(text: unknown, autoLinks: AutoLinks): string[] {
  return parseMrkdwn(stringOf(text)).flatMap((token) => {
    if (token.live !== undefined) return [token.live];
    return [
      ...(autoLinks.urls ? matches(token.text, URLS, DOMAINS, MAILS) : []),
      ...(autoLinks.names ? matches(token.text, NAMES) : []),
      ...(autoLinks.persons ? matches(token.text, PERSONS) : []),
    ];
  });
}

/**
 * Returns the parts of a message that Slack turns into mentions, links or commands, each as written in the message. When
 * in doubt it is stricter than Slack: it also returns `<…>` when `mrkdwn` is false.
 */
export function liveMarkup(message: MessageContent): readonly string[] {
  const flags: JsonObject = message.payload ?? { ...message };
  const linkNames = flagOf(flags.link_names) === true || flags.parse === 'full';
  const parsed = flags.parse !== 'none';
  const autoLinks = { urls: parsed, names: linkNames, persons: linkNames };
  return [
    ...liveIn(message.text, autoLinks),
    ...liveInBlocks(message.blocks, linkNames),
    ...objectsOf(message.attachments).flatMap((each) => liveInAttachment(each, autoLinks)),
  ];
}

const ATTACHMENT_TEXTS = ['pretext', 'author_name', 'title', 'text', 'footer'];
const ATTACHMENT_LINKS = ['author_link', 'title_link', 'image_url', 'thumb_url', 'author_icon', 'footer_icon'];

function liveInAttachment(attachment: JsonObject, autoLinks: AutoLinks): string[] {
  const fields = objectsOf(attachment.fields).flatMap((field) => [field.title, field.value]);
  return [
    ...ATTACHMENT_TEXTS.map((key) => attachment[key])
      .concat(fields)
      .flatMap((text) => liveIn(text, autoLinks)),
    ...ATTACHMENT_LINKS.map((key) => stringOf(attachment[key])).filter((link) => link !== ''),
    ...liveInBlocks(attachment.blocks, autoLinks.persons),
  ];
}

type LiveMarkupOf = (node: JsonObject, linkNames: boolean) => string[];

const mentionOf =
  (key: string, prefix: string): LiveMarkupOf =>
  (node) => [`<${prefix}${stringOf(node[key])}>`];

/** The live markup of each object of Block Kit. plain_text and raw_text have none. */
const LIVE_BY_TYPE: Readonly<Record<string, LiveMarkupOf>> = {
  mrkdwn: (node, linkNames) => {
    const isVerbatim = node.verbatim === true;
    return liveIn(node.text, { urls: !isVerbatim, names: !isVerbatim || linkNames, persons: linkNames });
  },
  // Markdown's own links, and Slack's markup, which works here too.
  markdown: (node) => [
    ...liveIn(node.text, { urls: true, names: true, persons: false }),
    ...matches(stringOf(node.text), /\]\([^()\s]{1,3000}\)/g).map((each) => each.slice(2, -1)),
  ],
  user: mentionOf('user_id', '@'),
  channel: mentionOf('channel_id', '#'),
  usergroup: mentionOf('usergroup_id', '!subteam^'),
  broadcast: mentionOf('range', '!'),
};

function liveInBlocks(node: unknown, linkNames: boolean): string[] {
  if (Array.isArray(node)) return node.flatMap((each) => liveInBlocks(each, linkNames));
  if (!isObject(node)) return [];
  const type = stringOf(node.type);
  const own = Object.hasOwn(LIVE_BY_TYPE, type) ? LIVE_BY_TYPE[type] : undefined;
  const links = ['url', 'image_url', 'title_url', 'video_url', 'thumbnail_url'].map((key) => stringOf(node[key]));
  return [
    ...(own?.(node, linkNames) ?? []),
    ...links.filter((link) => link !== ''),
    ...Object.values(node).flatMap((each) => liveInBlocks(each, linkNames)),
  ];
}
