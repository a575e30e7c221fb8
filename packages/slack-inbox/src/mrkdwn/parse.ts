import { flagOf, isObject, type JsonObject, objectsOf, stringOf } from '../model/index.js';
import { formatDate } from './date.js';

/** What {@link messageText} and {@link liveMarkup} look at: a message of the inbox, or the payload of a post. */
export interface MessageContent {
  readonly text?: unknown;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly mrkdwn?: unknown;
  readonly parse?: unknown;
  readonly link_names?: unknown;
  /** Of a message in the inbox: where the flags of the request are. */
  readonly payload?: JsonObject;
}

/** What a `<…>` that Slack acts on stands for; entities are decoded. */
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

/** A piece of a mrkdwn string: text, or a `<…>` that Slack acts on. */
type Token =
  | { readonly live?: undefined; readonly text: string }
  | { readonly live: string; readonly control: Control; readonly text: string };

// A mention, a channel, a command, or a link: with a scheme, or without one but with a label. `<module>` is none.
const ACTIVE = /^(?:[@#!]|[a-z][a-z0-9+.-]*:|[^\s|]+\.[^\s|]+\|)/i;

/** Splits mrkdwn as Slack does: `<…>` counts everywhere, in code fences too. `text` is what a person reads. */
export function parseMrkdwn(text: string): Token[] {
  return text.split(/(<[^<>]+>)/).map((part) => {
    const inner = part.slice(1, -1);
    const isActive = part.startsWith('<') && part.endsWith('>') && ACTIVE.test(inner);
    if (!isActive) return { text: decodeEntities(part) };
    const control = parseControl(decodeEntities(inner));
    return { live: part, control, text: readable(control) };
  });
}

/** Only these three are entities for Slack. */
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

/** `label (url)`, unless one of them is all there is. */
export function labelled(label: string, url: string): string {
  if (label === '') return url;
  return url === '' || url === label ? label : `${label} (${url})`;
}

function readable(control: Control): string {
  if (control.kind === 'mention') return control.text;
  if (control.kind === 'link') return labelled(control.label, control.url);
  return labelled(formatDate(control.unixSeconds, control.format) ?? control.fallback, control.url);
}

// Each starts only where no word does before it, so a long word is looked at once and not once for each letter.
const URLS = /(?<![\w.-])(?:https?:\/\/|ftp:\/\/|mailto:|www\.)[^\s<>|]*[^\s<>|.,;:!?)\]'"]/gi;
const TLD = 'com|net|org|io|dev|app|co|info|biz|xyz|ru|cn|example';
const DOMAINS = new RegExp(`(?<![\\w.@/-])(?:[a-z0-9-]+\\.)+(?:${TLD})(?![\\w-])(?:/[^\\s<>|]*)?`, 'gi');
const MAILS = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const NAMES = /(?<![\w@#&])(?:@(?:here|channel|everyone|group)(?!\w)|#[a-z0-9_-]*[a-z_][a-z0-9_-]*)/gi;
const PERSONS = /(?<![\w@#&])@[\w.-]+/g;

function matches(text: string, ...patterns: readonly RegExp[]): string[] {
  return patterns.flatMap((pattern) => text.match(pattern) ?? []);
}

/** What Slack would turn into links and mentions of its own accord. */
interface AutoLinks {
  readonly urls: boolean;
  readonly names: boolean;
  readonly persons: boolean;
}

function liveIn(text: unknown, auto: AutoLinks): string[] {
  return parseMrkdwn(stringOf(text)).flatMap((token) => {
    if (token.live !== undefined) return [token.live];
    return [
      ...(auto.urls ? matches(token.text, URLS, DOMAINS, MAILS) : []),
      ...(auto.names ? matches(token.text, NAMES) : []),
      ...(auto.persons ? matches(token.text, PERSONS) : []),
    ];
  });
}

/**
 * Everything in a message that Slack would act on: mentions, links, special commands, and what it links of its own
 * accord, each as it is written. Stricter than Slack in doubt: `<…>` counts under `mrkdwn: false` as well.
 */
export function liveMarkup(message: MessageContent): readonly string[] {
  const flags: JsonObject = message.payload ?? { ...message };
  const namesToo = flagOf(flags.link_names) === true || flags.parse === 'full';
  const parsed = flags.parse !== 'none';
  const auto = { urls: parsed, names: namesToo, persons: namesToo };
  return [
    ...liveIn(message.text, auto),
    ...liveInBlocks(message.blocks, namesToo),
    ...objectsOf(message.attachments).flatMap((each) => liveInAttachment(each, auto)),
  ];
}

const ATTACHMENT_TEXTS = ['pretext', 'author_name', 'title', 'text', 'footer'];
const ATTACHMENT_LINKS = ['author_link', 'title_link', 'image_url', 'thumb_url', 'author_icon', 'footer_icon'];

function liveInAttachment(attachment: JsonObject, auto: AutoLinks): string[] {
  const fields = objectsOf(attachment.fields).flatMap((field) => [field.title, field.value]);
  return [
    ...ATTACHMENT_TEXTS.map((key) => attachment[key])
      .concat(fields)
      .flatMap((text) => liveIn(text, auto)),
    ...ATTACHMENT_LINKS.map((key) => stringOf(attachment[key])).filter((link) => link !== ''),
    ...liveInBlocks(attachment.blocks, auto.persons),
  ];
}

type Live = (node: JsonObject, linkNames: boolean) => string[];

const MENTION =
  (key: string, prefix: string): Live =>
  (node) => [`<${prefix}${stringOf(node[key])}>`];

/** What an object of Block Kit brings to life itself; plain_text and raw_text bring nothing. */
const LIVE_BY_TYPE: Readonly<Record<string, Live>> = {
  mrkdwn: (node, linkNames) => {
    const isVerbatim = node.verbatim === true;
    return liveIn(node.text, { urls: !isVerbatim, names: !isVerbatim || linkNames, persons: linkNames });
  },
  // Standard Markdown: its links, and Slack's own markup beside them.
  markdown: (node) => [
    ...liveIn(node.text, { urls: true, names: true, persons: false }),
    ...matches(stringOf(node.text), /\]\([^()\s]{1,3000}\)/g).map((each) => each.slice(2, -1)),
  ],
  user: MENTION('user_id', '@'),
  channel: MENTION('channel_id', '#'),
  usergroup: MENTION('usergroup_id', '!subteam^'),
  broadcast: MENTION('range', '!'),
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
