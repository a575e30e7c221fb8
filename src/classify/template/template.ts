import { oneLine } from '../../util/text.js';
import { readLine } from './line-reader.js';

/** How much of a message decides. */
const MAX_INPUT_LENGTH = 2_000;
/** Shorter, because long values make the beginning of two equal messages end at different words. */
const MAX_TEMPLATE_LENGTH = 1_000;

/**
 * The constant part of a message: `user 4711 not found` → `user <user> not found`. Messages of the same problem have the
 * same template in every process: it depends on the text alone, and nothing is learned. Values become placeholders
 * (see `Placeholder`), several of the same kind in a row become one, words stay, runs of white space become one space.
 *
 * Only the first 2,000 characters are read, so that it takes less than a millisecond whatever it is given. Of several
 * lines two decide: the first that has letters, and the last that is neither indented nor a stack frame, which is where
 * Python, Prisma and shells say what went wrong. A template of a template is itself.
 */
export function messageTemplate(text: string): string {
  const isCut = text.length > MAX_INPUT_LENGTH;
  const start = withoutColours(isCut ? wholeWords(text.slice(0, MAX_INPUT_LENGTH)) : text);
  const template = readLine(evenly(start.includes('\n') ? decisiveLines(start, isCut) : start));
  return template.length > MAX_TEMPLATE_LENGTH ? wholeWords(template.slice(0, MAX_TEMPLATE_LENGTH)) : template;
}

function wholeWords(text: string): string {
  const end = text.lastIndexOf(' ');
  return end > text.length / 2 ? text.slice(0, end) : text.replace(/<[a-z]*$/, '');
}

/** Most lines have only single spaces, and this look costs a tenth of rewriting them. */
const UNEVEN = /^\s| {2}|[^\S ]|\s$/;

function evenly(text: string): string {
  return UNEVEN.test(text) ? oneLine(text) : text;
}

const LETTERS = /\p{L}/u;
/** A stack frame or a line that goes on from the one above. */
const CONTINUES = /^(?:\s|at |\.\.\. \d)/;

function decisiveLines(text: string, isCut: boolean): string {
  const lines = text.split('\n').filter((line) => LETTERS.test(line));
  const first = lines[0];
  if (first === undefined) return text;
  // Where the text was cut, any line may be the last.
  const last = isCut ? undefined : lines.findLast((line, index) => index > 0 && !CONTINUES.test(line));
  return last === undefined ? first : `${first}\n${last}`;
}

const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]{0,20}m`, 'g');

function withoutColours(text: string): string {
  return text.includes(ESCAPE) ? text.replace(COLOUR, '') : text;
}
