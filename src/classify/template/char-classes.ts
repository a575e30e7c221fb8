/**
 * What a character can be in a message, as bits, so that one pass over a word tells what it is made of: the bits of a
 * word are those of its characters, or-ed.
 */

export const LOWER: number = 1;
export const UPPER: number = 1 << 1;
export const DIGIT: number = 1 << 2;
export const UNDERSCORE: number = 1 << 3;
export const DOT: number = 1 << 4;
export const DASH: number = 1 << 5;
export const COLON: number = 1 << 6;
export const SLASH: number = 1 << 7;
export const BACKSLASH: number = 1 << 8;
export const AT: number = 1 << 9;
/** Joins words and says nothing more: `#`, `%`, `~`, … */
export const MARK: number = 1 << 10;
/** A letter that no hexadecimal number has. */
export const NOT_HEX: number = 1 << 11;
export const SPACE: number = 1 << 12;
export const QUOTE: number = 1 << 13;
export const OPENS: number = 1 << 14;
export const CLOSES: number = 1 << 15;
/** What may stand between two values of a list. */
export const LISTS: number = 1 << 16;
export const EQUALS: number = 1 << 17;

export const LETTER: number = LOWER | UPPER;
export const WORD: number = LETTER | DIGIT | UNDERSCORE;
export const JOINER: number = DOT | DASH | COLON | SLASH | BACKSLASH | AT | MARK;

const MEMBERS: readonly (readonly [bits: number, characters: string])[] = [
  [LOWER, 'abcdef'],
  [LOWER | NOT_HEX, 'ghijklmnopqrstuvwxyz'],
  [UPPER, 'ABCDEF'],
  [UPPER | NOT_HEX, 'GHIJKLMNOPQRSTUVWXYZ'],
  [DIGIT, '0123456789'],
  [UNDERSCORE, '_'],
  [DOT, '.'],
  [DASH | LISTS, '-'],
  [COLON | LISTS, ':'],
  [SLASH | LISTS, '/'],
  [BACKSLASH, '\\'],
  [AT | LISTS, '@'],
  [MARK | LISTS, '#&*+'],
  [MARK, '$%?~'],
  [SPACE | LISTS, ' \t\n\v\f\r'],
  [QUOTE, '"\'`'],
  [OPENS | LISTS, '(['],
  [CLOSES | LISTS, ')]'],
  [OPENS, '{<'],
  [CLOSES, '}>'],
  [LISTS, ',;|'],
  [EQUALS, '='],
];

const ASCII = 128;
const BITS = new Int32Array(ASCII);
for (const [bits, characters] of MEMBERS) for (const character of characters) BITS[character.charCodeAt(0)] = bits;

/** The bits of the character at `at`; none outside the text. */
export function bitsAt(text: string, at: number): number {
  // Asking outside would give NaN, and with it slow numbers everywhere.
  if (at < 0 || at >= text.length) return 0;
  const code = text.charCodeAt(at);
  return code < ASCII ? (BITS[code] as number) : foreignBits(code);
}

/** Outside ASCII all is a letter but spaces and the block of general punctuation (dashes, bullets, curly quotes). */
function foreignBits(code: number): number {
  if (code === 0xa0 || code === 0x3000 || code === 0xfeff) return SPACE | LISTS;
  if (code < 0x2000 || code > 0x206f) return LOWER | NOT_HEX;
  const isSpace = code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f;
  return isSpace ? SPACE | LISTS : 0;
}
