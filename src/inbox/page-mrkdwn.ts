import { isDate } from './date.js';
import { withEmoji } from './emoji.js';
import { stringOf } from './json.js';
import { type Control, parseMrkdwn } from './markup.js';
import { element, link, type PageElement, type PageNode } from './page-node.js';

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
const HEADING = /^#{1,6} +(?<inner>.+)$/gm;

// Signs count only around words: `snake_case_name` and `2 * 3 * 4` have none.
function dialect(tags: Dialect['tags']): Dialect {
  const signs = Object.keys(tags).map((sign) => sign.replaceAll('*', '\\*'));
  const inner = String.raw`(?!\s)(?<inner>(?:(?!\k<sign>)[^\n])+)(?<!\s)`;
  const before = String.raw`(?<![\p{L}\p{N}*_~])`;
  const after = String.raw`(?!\k<sign>|[\p{L}\p{N}])`;
  return { tags, emphasis: new RegExp(`${before}(?<sign>${signs.join('|')})${inner}\\k<sign>${after}`, 'gu') };
}

/** Slack's own markup, as Slack shows it. */
export function mrkdwnNodes(text: unknown): PageNode[] {
  return emphasized(blocksOf(runOf(stringOf(text)), MRKDWN), MRKDWN);
}

/** The text of a `markdown` block; lists, tables and links stay as they are written. */
export function markdownNodes(text: unknown): PageNode[] {
  const run = blocksOf(runOf(stringOf(text)), MARKDOWN);
  const headed = lift(run, HEADING, (inner) => element('strong', emphasized(inner, MARKDOWN)));
  return emphasized(headed, MARKDOWN);
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
