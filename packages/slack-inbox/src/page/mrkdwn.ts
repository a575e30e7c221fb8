import { stringOf } from '../model/index.js';
import { type Control, isDate, parseMrkdwn, withEmoji } from '../mrkdwn/index.js';
import { element, link, type PageElement, type PageNode } from '../ui/tree.js';

/** A text with a {@link PLACEHOLDER} for each of the objects, in their order. */
interface Run {
  readonly text: string;
  readonly objects: readonly PageNode[];
}

/** Unicode's OBJECT REPLACEMENT CHARACTER. */
const PLACEHOLDER = '\uFFFC';

/** The signs of emphasis of a markup language. */
interface Dialect {
  readonly tags: Readonly<Record<string, 'strong' | 'em' | 'del'>>;
  readonly emphasis: RegExp;
}

const MRKDWN = dialect({ '*': 'strong', _: 'em', '~': 'del' });
const MARKDOWN = dialect({ '**': 'strong', __: 'strong', '~~': 'del', '*': 'em', _: 'em' });

const FENCE = /\n?```\n?(?<inner>.+?)\n?```\n?/gs;
const CODE = /`(?<inner>[^`\n]+)`/g;
const QUOTE = /(?<inner>(?:^>.*(?:\n|$))+)/gm;
// The group `sign` is the address.
const LINK = /!?\[(?<inner>[^[\]\n]+)\]\((?<sign>[^()\s]{1,3000})\)/g;
/** Does not include punctuation at the end, which belongs to the sentence. */
const ADDRESS = /(?<![\p{L}\p{N}])(?<inner>https?:\/\/[^\s<>|\uFFFC]{0,3000}[^\s<>|\uFFFC.,;:!?)\]'"*_~])/giu;

// A sign counts only next to a word, and not inside one: `snake_case_name` and `2 * 3 * 4` have no emphasis.
function dialect(tags: Dialect['tags']): Dialect {
  const signs = Object.keys(tags).map((sign) => sign.replaceAll('*', '\\*'));
  const inner = String.raw`(?!\s)(?<inner>(?:(?!\k<sign>)[^\n])+)(?<!\s)`;
  const before = String.raw`(?<![\p{L}\p{N}*_~])`;
  const after = String.raw`(?!\k<sign>|[\p{L}\p{N}])`;
  return { tags, emphasis: new RegExp(`${before}(?<sign>${signs.join('|')})${inner}\\k<sign>${after}`, 'gu') };
}

/** Renders Slack's own markup. @param isVerbatim does not turn plain addresses into links */
export function mrkdwnNodes(text: unknown, { isVerbatim = false }: { readonly isVerbatim?: boolean } = {}): PageNode[] {
  const run = withCodeAndQuotes(runOf(stringOf(text)), MRKDWN);
  return withEmphasis(isVerbatim ? run : withAddresses(run), MRKDWN);
}

/** Renders the inline part of standard Markdown, and Slack's own markup in it. */
export function markdownInline(text: string): PageNode[] {
  const coded = extract(runOf(text), CODE, (inner) => element('code', nodesOf(inner)));
  const linked = extract(coded, LINK, (inner, url) => {
    const [firstNode, ...rest] = link(url, withEmphasis(inner, MARKDOWN));
    return firstNode !== undefined && rest.length === 0 ? firstNode : element('span', link(url, nodesOf(inner)));
  });
  return withEmphasis(withAddresses(linked), MARKDOWN);
}

/** Turns plain addresses into links. */
function withAddresses(run: Run): Run {
  return extract(run, ADDRESS, ({ text }) => element('span', link(text, [])));
}

/** Renders a date in the reader's time zone, or the fallback when the date is invalid. */
export function dateNodes({
  unixSeconds,
  format,
  url,
  fallback,
}: Omit<Control & { kind: 'date' }, 'kind'>): PageNode[] {
  const date = { millis: Number(unixSeconds) * 1_000, format };
  const shown = isDate(unixSeconds, format) ? [element('time', [], { date })] : [fallback];
  return url === '' ? shown : link(url, shown);
}

export function mention(text: string): PageElement {
  return element('span', [text], { class: 'mention' });
}

function controlNodes(control: Control): PageNode[] {
  if (control.kind === 'mention') return [mention(control.text)];
  if (control.kind === 'date') return dateNodes(control);
  return link(control.url, control.label === '' ? [] : [control.label]);
}

function runOf(text: string): Run {
  const objects: PageNode[] = [];
  const parts = parseMrkdwn(text).map((token) => {
    if (token.live === undefined) return token.text.replaceAll(PLACEHOLDER, '\uFFFD');
    const nodes = controlNodes(token.control);
    objects.push(...nodes);
    return PLACEHOLDER.repeat(nodes.length);
  });
  return { text: parts.join(''), objects };
}

// Extracts code and quotes first, because signs of emphasis have no meaning in code.
function withCodeAndQuotes(run: Run, dialect: Dialect): Run {
  const fenced = extract(run, FENCE, (inner) => element('pre', nodesOf(inner)));
  const coded = extract(fenced, CODE, (inner) => element('code', nodesOf(inner)));
  return extract(coded, QUOTE, (inner) => {
    const text = inner.text.replace(/^> ?/gm, '').replace(/\n$/, '');
    return element('blockquote', withEmphasis({ ...inner, text }, dialect));
  });
}

function withEmphasis(run: Run, dialect: Dialect): PageNode[] {
  const extracted = extract(run, dialect.emphasis, (inner, sign) =>
    element(dialect.tags[sign] ?? 'span', withEmphasis(inner, dialect)),
  );
  return nodesOf({ ...extracted, text: withEmoji(extracted.text) });
}

/** Replaces each match with an object. `make` receives the groups `inner` and `sign` of the pattern. */
function extract(run: Run, pattern: RegExp, make: (inner: Run, sign: string) => PageNode): Run {
  const remainingObjects = run.objects.values();
  const take = (text: string): Run => ({
    text,
    objects: Array.from(text.matchAll(/\uFFFC/g), () => remainingObjects.next().value ?? ''),
  });
  const runs: Run[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of run.text.matchAll(pattern)) {
    runs.push(take(run.text.slice(end, index)));
    runs.push({ text: PLACEHOLDER, objects: [make(take(groups?.inner ?? ''), groups?.sign ?? '')] });
    end = index + whole.length;
  }
  runs.push(take(run.text.slice(end)));
  return { text: runs.map(({ text }) => text).join(''), objects: runs.flatMap(({ objects }) => objects) };
}

function nodesOf({ text, objects }: Run): PageNode[] {
  return text
    .split(PLACEHOLDER)
    .flatMap((part, index) => [part, objects[index] ?? ''])
    .filter((each) => each !== '');
}
