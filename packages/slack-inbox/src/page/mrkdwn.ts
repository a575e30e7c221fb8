import { stringOf } from '../model/index.js';
import { type Control, isDate, parseMrkdwn, withEmoji } from '../mrkdwn/index.js';
import { element, link, type PageElement, type PageNode } from '../ui/tree.js';

/** Text in which a {@link PLACE} stands for each of the objects, in their order. */
interface Run {
  readonly text: string;
  readonly objects: readonly PageNode[];
}

/** Unicode's own character for "an object is here". */
const PLACE = '\uFFFC';

/** How the signs of emphasis read. */
interface Dialect {
  readonly tags: Readonly<Record<string, 'strong' | 'em' | 'del'>>;
  readonly emphasis: RegExp;
}

const MRKDWN = dialect({ '*': 'strong', _: 'em', '~': 'del' });
const MARKDOWN = dialect({ '**': 'strong', __: 'strong', '~~': 'del', '*': 'em', _: 'em' });

const FENCE = /\n?```\n?(?<inner>.+?)\n?```\n?/gs;
const CODE = /`(?<inner>[^`\n]+)`/g;
const QUOTE = /(?<inner>(?:^>.*(?:\n|$))+)/gm;
// What it is a sign of is the address.
const LINK = /!?\[(?<inner>[^[\]\n]+)\]\((?<sign>[^()\s]{1,3000})\)/g;
/** Ends before what would rather end the sentence. */
const ADDRESS = /(?<![\p{L}\p{N}])(?<inner>https?:\/\/[^\s<>|\uFFFC]{0,3000}[^\s<>|\uFFFC.,;:!?)\]'"*_~])/giu;

// Signs count only around words: `snake_case_name` and `2 * 3 * 4` have none.
function dialect(tags: Dialect['tags']): Dialect {
  const signs = Object.keys(tags).map((sign) => sign.replaceAll('*', '\\*'));
  const inner = String.raw`(?!\s)(?<inner>(?:(?!\k<sign>)[^\n])+)(?<!\s)`;
  const before = String.raw`(?<![\p{L}\p{N}*_~])`;
  const after = String.raw`(?!\k<sign>|[\p{L}\p{N}])`;
  return { tags, emphasis: new RegExp(`${before}(?<sign>${signs.join('|')})${inner}\\k<sign>${after}`, 'gu') };
}

/** Slack's own markup, as Slack shows it; verbatim: addresses are no links by themselves. */
export function mrkdwnNodes(text: unknown, { isVerbatim = false }: { readonly isVerbatim?: boolean } = {}): PageNode[] {
  const run = blocksOf(runOf(stringOf(text)), MRKDWN);
  return emphasized(isVerbatim ? run : withAddresses(run), MRKDWN);
}

/** Standard Markdown within a line or a paragraph, and Slack's own markup beside it. */
export function markdownInline(text: string): PageNode[] {
  const coded = lift(runOf(text), CODE, (inner) => element('code', nodesOf(inner)));
  const linked = lift(coded, LINK, (inner, url) => {
    const [made, ...rest] = link(url, emphasized(inner, MARKDOWN));
    return made !== undefined && rest.length === 0 ? made : element('span', link(url, nodesOf(inner)));
  });
  return emphasized(withAddresses(linked), MARKDOWN);
}

/** An address in a text is a link, if it is one at all. */
function withAddresses(run: Run): Run {
  return lift(run, ADDRESS, ({ text }) => element('span', link(text, [])));
}

/** A moment in the reader's time zone, or what Slack shows where there is none. */
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
    if (token.live === undefined) return token.text.replaceAll(PLACE, '\uFFFD');
    const nodes = controlNodes(token.control);
    objects.push(...nodes);
    return PLACE.repeat(nodes.length);
  });
  return { text: parts.join(''), objects };
}

// What is lifted out is looked at no more: signs of emphasis mean nothing in code.
function blocksOf(run: Run, dialect: Dialect): Run {
  const fenced = lift(run, FENCE, (inner) => element('pre', nodesOf(inner)));
  const coded = lift(fenced, CODE, (inner) => element('code', nodesOf(inner)));
  return lift(coded, QUOTE, (inner) => {
    const text = inner.text.replace(/^> ?/gm, '').replace(/\n$/, '');
    return element('blockquote', emphasized({ ...inner, text }, dialect));
  });
}

function emphasized(run: Run, dialect: Dialect): PageNode[] {
  const lifted = lift(run, dialect.emphasis, (inner, sign) =>
    element(dialect.tags[sign] ?? 'span', emphasized(inner, dialect)),
  );
  return nodesOf({ ...lifted, text: withEmoji(lifted.text) });
}

/** Makes an object of each match; `make` gets what the pattern calls `inner` and `sign`. */
function lift(run: Run, pattern: RegExp, make: (inner: Run, sign: string) => PageNode): Run {
  const left = run.objects.values();
  const take = (text: string): Run => ({
    text,
    objects: Array.from(text.matchAll(/\uFFFC/g), () => left.next().value ?? ''),
  });
  const runs: Run[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of run.text.matchAll(pattern)) {
    runs.push(take(run.text.slice(end, index)));
    runs.push({ text: PLACE, objects: [make(take(groups?.inner ?? ''), groups?.sign ?? '')] });
    end = index + whole.length;
  }
  runs.push(take(run.text.slice(end)));
  return { text: runs.map(({ text }) => text).join(''), objects: runs.flatMap(({ objects }) => objects) };
}

function nodesOf({ text, objects }: Run): PageNode[] {
  return text
    .split(PLACE)
    .flatMap((part, index) => [part, objects[index] ?? ''])
    .filter((each) => each !== '');
}
