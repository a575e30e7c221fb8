import { matchAt, nonEmpty, type Span } from './value-span.js';

/** Finds secrets in the lines below their names: `password:` and a line break, YAML's blocks and lists, multipart forms. */

/** The beginning of a block of YAML: `|`, `>-`, and a comment. */
const BLOCK = /(?:[!&][^\s|>]{0,60}[ \t]{1,4}){0,2}[|>][+\-\d]{0,2}[ \t]{0,8}(?:#[^\n]{0,200})?\r?\n/y;
/** The end of a line, also an escaped one, and empty lines. */
const LINE_END = /(?:[ \t]{0,8}(?:\r?\n|(?:\\r)?\\n)){1,3}/y;
const ITEM = /[ \t]{0,40}- (?![\w.-]{1,60}:[ \t])([^\s:]{1,1000})[ \t]{0,8}(?:\r?\n|$)/y;
/** A line of one word. */
const WORD = /([ \t]{0,40})([^\s\\]{1,1000})[ \t]{0,8}(?=\r?\n|\\[rn]|["'`]|$)/y;
const SCHEME_AND_WORD = /[ \t]{0,40}(?:Bearer|Basic|Token|ApiKey)[ \t]{1,4}([^\s\\"'`]{1,4000})/iy;

/** Words that begin a new line of a log, and not a value: levels, dates, the next name, tags and frames. */
const NO_VALUE =
  /^(?:\[|\{|<|at$|\d{4}-\d\d-\d\d|(?:trace|debug|info|warn|warning|error|fatal)\b|[\w.-]{1,60}[:=](?!\S)|[\w-]{1,60}:\w{0,60}$|[^A-Za-z0-9]*$)/i;

/** Returns the range of a value that begins in the line below its name; `undefined` when that line is no value. */
export function valueBelow(
  text: string,
  nameAt: number,
  start: number,
  isProse: (word: string) => boolean,
): Span | undefined {
  const block = matchAt(BLOCK, text, start);
  if (block !== '') return indentedBlock(text, start + block.length, indentOf(text, nameAt));
  const end = matchAt(LINE_END, text, start);
  if (end === '') return undefined;
  const from = start + end.length;
  return listItems(text, from, isProse) ?? credentials(text, from) ?? oneWord(text, from, isProse);
}

/** The column of the name. Names in a list of YAML begin after `- `. */
function indentOf(text: string, nameAt: number): number {
  const lineStart = text.lastIndexOf('\n', nameAt - 1) + 1;
  return /^[ \t]*(?:- )*/.exec(text.slice(lineStart, nameAt))?.[0].length ?? 0;
}

const INDENTED = /([ \t]*)([^\n]*)(?:\n|$)/y;

function indentedBlock(text: string, from: number, indent: number): Span | undefined {
  let to = from;
  let first: number | undefined;
  for (let at = from; at < text.length; ) {
    INDENTED.lastIndex = at;
    const [line = '', spaces = '', content = ''] = INDENTED.exec(text) ?? [];
    if (line === '' || (content.trim() !== '' && spaces.length <= indent)) break;
    first ??= at + spaces.length;
    at += line.length;
    if (content.trim() !== '') to = at - (line.endsWith('\n') ? 1 : 0);
  }
  return first === undefined ? undefined : nonEmpty({ from: first, to });
}

function listItems(text: string, from: number, isProse: (word: string) => boolean): Span | undefined {
  let to = from;
  for (;;) {
    ITEM.lastIndex = to;
    const [line = '', word = ''] = ITEM.exec(text) ?? [];
    if (line === '' || isProse(word)) break;
    to += line.length;
  }
  return nonEmpty({ from, to: text[to - 1] === '\n' ? to - 1 : to });
}

function credentials(text: string, from: number): Span | undefined {
  SCHEME_AND_WORD.lastIndex = from;
  const [found = '', word = ''] = SCHEME_AND_WORD.exec(text) ?? [];
  const to = from + found.length;
  return nonEmpty({ from: to - word.length, to });
}

function oneWord(text: string, from: number, isProse: (word: string) => boolean): Span | undefined {
  WORD.lastIndex = from;
  const [, spaces = '', word = ''] = WORD.exec(text) ?? [];
  if (word === '' || NO_VALUE.test(word) || isProse(word)) return undefined;
  return { from: from + spaces.length, to: from + spaces.length + word.length };
}

/**
 * A field of a multipart form: its name, further headers, and an empty line. The lookbehind allows a match only at the
 * beginning of a word.
 */
const FIELD =
  /(?:(?<![\w.-])name=(?<quote>\\{0,7}["'])(?<name>[^"'\\\n]{1,128})\k<quote>|form-data; {0,4}name=(?<bare>[\w.[\]-]{1,128}))(?:;[^\n\\]{0,200})?(?:\r?\n|(?:\\r)?\\n)(?:[\w-]{1,40}:[^\n\\]{0,200}(?:\r?\n|(?:\\r)?\\n)){0,3}[ \t]{0,40}(?:\r?\n|(?:\\r)?\\n)/g;
const FIELD_END = /\r?\n--|(?:\\r)?\\n--|(?![\s\S])/g;
const MAX_FIELD_LENGTH = 4_000;

/** Returns the next field of a multipart form from an index on: its name, and the range of its value. */
export function nextFormField(text: string, at: number): { readonly name: string; readonly span: Span } | undefined {
  FIELD.lastIndex = at;
  const found = FIELD.exec(text);
  if (found === null) return undefined;
  const from = FIELD.lastIndex;
  FIELD_END.lastIndex = from;
  const to = Math.min(FIELD_END.exec(text)?.index ?? text.length, from + MAX_FIELD_LENGTH);
  return {
    name: (found.groups?.name ?? found.groups?.bare ?? '').replace(/\]+$/, '').replace(/[[\]]+/g, '.'),
    span: { from, to },
  };
}
