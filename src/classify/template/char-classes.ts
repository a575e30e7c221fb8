/**
 * Classes of characters in a message, as bits. The bits of a word are the bitwise OR of its characters' bits, so one
 * pass over a word finds all its classes.
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
/** Joins words without a further meaning: `#`, `%`, `~`, … */
export const MARK: number = 1 << 10;
/** A letter that is not a hexadecimal digit. */
export const NOT_HEX: number = 1 << 11;
export const SPACE: number = 1 << 12;
export const QUOTE: number = 1 << 13;
export const OPENS: number = 1 << 14;
export const CLOSES: number = 1 << 15;
/** Separates the values of a list. */
export const LISTS: number = 1 << 16;
export const EQUALS: number = 1 << 17;
/** A letter beyond ASCII. Digits beside it are a word of their own: no id has such letters. */
export const BEYOND_ASCII: number = 1 << 18;

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

/** Returns the bits of the character at `at`, or 0 outside of the text. */
export function bitsAt(text: string, at: number): number {
  // Outside of the text `charCodeAt` returns NaN, which would make V8 use slow floating-point numbers.
  if (at < 0 || at >= text.length) return 0;
  const code = text.charCodeAt(at);
  return code < ASCII ? (BITS[code] as number) : nonAsciiBits(code);
}

/** The first digits of the scripts beyond ASCII that logs contain: Arabic, Persian, Devanagari, Bengali, Thai, full width. */
const ZEROS: readonly number[] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
/** Scripts from Thai on are written without spaces between words, but for these: Georgian, Ethiopic, Latin with marks, Greek. */
const SPACED: readonly (readonly [first: number, last: number])[] = [
  [0x10a0, 0x10ff],
  [0x1200, 0x139f],
  [0x1c80, 0x1cbf],
  [0x1e00, 0x1fff],
  [0x2c00, 0x2dff],
];
const THAI = 0xe00;
/** `µs` and `μs` are units. */
const MICRO: readonly number[] = [0xb5, 0x3bc];

/**
 * Outside of ASCII a character is a letter if its script has spaces between words. In other scripts the words have no ends,
 * so their characters are constant text, and only the digits and the ASCII words between them are words.
 */
function nonAsciiBits(code: number): number {
  if (code === 0xa0 || code === 0x3000 || code === 0xfeff) return SPACE | LISTS;
  if (code >= 0x2000 && code <= 0x206f) return punctuationBits(code);
  if (MICRO.includes(code)) return LOWER | NOT_HEX;
  if (ZEROS.some((zero) => code >= zero && code < zero + 10)) return DIGIT;
  const isSpaced = code < THAI || SPACED.some(([first, last]) => code >= first && code <= last);
  return isSpaced && code > 0xbf ? LOWER | NOT_HEX | BEYOND_ASCII : 0;
}

function punctuationBits(code: number): number {
  const isSpace = code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f;
  return isSpace ? SPACE | LISTS : 0;
}
