import { oneLine } from '../../util/index.js';
import { readLine } from './line-reader.js';

/** The number of characters of a message that are read. */
const MAX_INPUT_LENGTH = 2_000;
/**
 * Shorter than the input: with values of different lengths, the cut input of equal messages ends at different words.
 */
const MAX_TEMPLATE_LENGTH = 1_000;

/**
 * Returns the constant part of a message: `user 4711 not found` → `user <user> not found`. Messages of the same problem
 * have the same template in every process: the template depends on the text alone. Values become placeholders (see
 * `Placeholder`); consecutive values of one kind become one placeholder. Words stay. Runs of white space become one
 * space.
 *
 * Only the first 2,000 characters are read, which takes less than a millisecond. Of a text with several lines two are
 * used: the first with letters, and the last that is neither indented nor a stack frame. Python, Prisma and shells
 * write the error there. The template of a template is itself.
 */
export function messageTemplate(text: string): string {
  const isCut = text.length > MAX_INPUT_LENGTH;
  const start = withoutColours(isCut ? wholeWords(text.slice(0, MAX_INPUT_LENGTH)) : text);
  const template = readLine(singleSpaced(start.includes('\n') ? decisiveLines(start, isCut) : start));
  return template.length > MAX_TEMPLATE_LENGTH ? wholeWords(template.slice(0, MAX_TEMPLATE_LENGTH)) : template;
}

function wholeWords(text: string): string {
  const end = text.lastIndexOf(' ');
  return end > text.length / 2 ? text.slice(0, end) : text.replace(/<[a-z]*$/, '');
}

/** Most lines have only single spaces. This test costs a tenth of a rewrite. */
const NEEDS_SPACING = /^\s| {2}|[^\S ]|\s$/;

function singleSpaced(text: string): string {
  return NEEDS_SPACING.test(text) ? oneLine(text) : text;
}

const LETTERS = /\p{L}/u;
/** A stack frame, or a line that continues the one above. */
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
