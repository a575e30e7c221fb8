import { stringOf } from '../model/index.js';
import { box, element, type PageElement, type PageNode } from '../ui/tree.js';
import { markdownInline } from './mrkdwn.js';

/** What begins with a line that matches: `take` gives how many lines belong to it, `make` what they become. */
interface Kind {
  readonly begins: RegExp;
  readonly goesOn: (line: string, first: string) => boolean;
  readonly make: (lines: readonly string[]) => PageNode[];
}

const BULLET = /^ {0,8}[-*+] +/;
const NUMBER = /^ {0,8}\d{1,9}[.)] +/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE_OF_TABLE = /^(?=[^-]*-)[\s|:-]+$/;

const KINDS: readonly Kind[] = [
  {
    begins: /^ {0,3}```/,
    goesOn: (_line, _first) => true,
    make: (lines) => [element('pre', [lines.slice(1).join('\n')])],
  },
  { begins: /^ {0,3}#{1,6} +\S/, goesOn: never, make: ([line = '']) => [heading(line)] },
  { begins: /^ {0,3}(?:-{3,}|\*{3,}|_{3,}) *$/, goesOn: never, make: () => [element('hr', [])] },
  {
    begins: /^ {0,3}>/,
    goesOn: (line) => /^ {0,3}>/.test(line),
    make: (lines) => [
      element('blockquote', markdownInline(lines.map((line) => line.replace(/^ {0,3}> ?/, '')).join('\n'))),
    ],
  },
  { begins: BULLET, goesOn: (line) => BULLET.test(line), make: (lines) => [list('ul', BULLET, lines)] },
  { begins: NUMBER, goesOn: (line) => NUMBER.test(line), make: (lines) => [list('ol', NUMBER, lines)] },
  { begins: ROW, goesOn: (line) => ROW.test(line), make: table },
];

/** The text of a `markdown` block: standard Markdown, and Slack's own markup in it. Lists are shown flat. */
export function markdownNodes(text: unknown): PageNode[] {
  const lines = stringOf(text).split('\n');
  const nodes: PageNode[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    nodes.push(...box('text', markdownInline(paragraph.join('\n').trim())));
    paragraph = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const kind = KINDS.find(({ begins }) => begins.test(line));
    if (!kind) {
      if (line.trim() === '') endParagraph();
      else paragraph.push(line);
      at += 1;
      continue;
    }
    endParagraph();
    const end = endOf(kind, lines, at);
    nodes.push(...kind.make(lines.slice(at, end)));
    // The closing fence belongs to the fence.
    at = isFence(line) ? end + 1 : end;
  }
  endParagraph();
  return nodes;
}

function never(): boolean {
  return false;
}

function isFence(line: string): boolean {
  return /^ {0,3}```/.test(line);
}

function endOf({ goesOn }: Kind, lines: readonly string[], start: number): number {
  const first = lines[start] ?? '';
  let end = start + 1;
  while (end < lines.length && goesOn(lines[end] ?? '', first)) {
    if (isFence(first) && isFence(lines[end] ?? '')) break;
    end += 1;
  }
  return end;
}

function heading(line: string): PageElement {
  const level = /#+/.exec(line)?.[0].length ?? 1;
  const label = markdownInline(line.replace(/^ *#+ +/, '').replace(/(?<! ) +#+ *$/, ''));
  return level <= 2 ? element('h2', label) : element('div', [element('strong', label)], { class: 'text' });
}

function list(tag: 'ul' | 'ol', mark: RegExp, lines: readonly string[]): PageElement {
  const items = lines.map((line) =>
    line
      .replace(mark, '')
      .replace(/^\[ \] /, '☐ ')
      .replace(/^\[[xX]\] /, '☑ '),
  );
  return element(
    tag,
    items.map((item) => element('li', markdownInline(item))),
  );
}

function table(lines: readonly string[]): PageNode[] {
  const isTable = RULE_OF_TABLE.test(lines[1] ?? '');
  const rows = lines.filter((_, index) => !(isTable && index === 1));
  const cells = (line: string) => line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  const made = rows.map((line, index) =>
    element(
      'tr',
      cells(line).map((cell) => element(isTable && index === 0 ? 'th' : 'td', markdownInline(cell.trim()))),
    ),
  );
  return box('wide', [element('table', made)]);
}
