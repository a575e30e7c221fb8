import { stringOf } from '../model/index.js';
import { box, element, type PageElement, type PageNode } from '../ui/tree.js';
import { markdownInline } from './mrkdwn.js';

/** A kind of block. It starts with a line that matches `begins`, and includes each next line that `continues` accepts. */
interface BlockKind {
  readonly begins: RegExp;
  readonly continues: (line: string, first: string) => boolean;
  readonly make: (lines: readonly string[]) => PageNode[];
}

const BULLET = /^ {0,8}[-*+] +/;
const NUMBER = /^ {0,8}\d{1,9}[.)] +/;
const ROW = /^\s*\|.*\|\s*$/;
const TABLE_DELIMITER_ROW = /^(?=[^-]*-)[\s|:-]+$/;

const BLOCK_KINDS: readonly BlockKind[] = [
  {
    begins: /^ {0,3}```/,
    continues: (_line, _first) => true,
    make: (lines) => [element('pre', [lines.slice(1).join('\n')])],
  },
  { begins: /^ {0,3}#{1,6} +\S/, continues: never, make: ([line = '']) => [heading(line)] },
  { begins: /^ {0,3}(?:-{3,}|\*{3,}|_{3,}) *$/, continues: never, make: () => [element('hr', [])] },
  {
    begins: /^ {0,3}>/,
    continues: (line) => /^ {0,3}>/.test(line),
    make: (lines) => [
      element('blockquote', markdownInline(lines.map((line) => line.replace(/^ {0,3}> ?/, '')).join('\n'))),
    ],
  },
  { begins: BULLET, continues: (line) => BULLET.test(line), make: (lines) => [list('ul', BULLET, lines)] },
  { begins: NUMBER, continues: (line) => NUMBER.test(line), make: (lines) => [list('ol', NUMBER, lines)] },
  { begins: ROW, continues: (line) => ROW.test(line), make: table },
];

/** Renders the text of a `markdown` block: standard Markdown and Slack's own markup. Nested lists are shown flat. */
export function markdownNodes(text: unknown): PageNode[] {
  const lines = stringOf(text).split('\n');
  const nodes: PageNode[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    nodes.push(...box('text', markdownInline(paragraph.join('\n').trim())));
    paragraph = [];
  };
  for (let position = 0; position < lines.length; ) {
    const line = lines[position] ?? '';
    const kind = BLOCK_KINDS.find(({ begins }) => begins.test(line));
    if (!kind) {
      if (line.trim() === '') endParagraph();
      else paragraph.push(line);
      position += 1;
      continue;
    }
    endParagraph();
    const end = endOf(kind, lines, position);
    nodes.push(...kind.make(lines.slice(position, end)));
    // Skips the closing fence.
    position = isFence(line) ? end + 1 : end;
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

function endOf({ continues }: BlockKind, lines: readonly string[], start: number): number {
  const first = lines[start] ?? '';
  let end = start + 1;
  while (end < lines.length && continues(lines[end] ?? '', first)) {
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
  const hasHeader = TABLE_DELIMITER_ROW.test(lines[1] ?? '');
  const rows = lines.filter((_, index) => !(hasHeader && index === 1));
  const cells = (line: string) => line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  const rowElements = rows.map((line, index) =>
    element(
      'tr',
      cells(line).map((cell) => element(hasHeader && index === 0 ? 'th' : 'td', markdownInline(cell.trim()))),
    ),
  );
  return box('wide', [element('table', rowElements)]);
}
