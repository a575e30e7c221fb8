import { isByChance } from '../random-text.js';
import {
  AT,
  BACKSLASH,
  BEYOND_ASCII,
  bitsAt,
  COLON,
  DASH,
  DIGIT,
  DOT,
  JOINER,
  LETTER,
  LOWER,
  MARK,
  NOT_HEX,
  SLASH,
  UNDERSCORE,
  UPPER,
  WORD,
} from './char-classes.js';
import { FILE_ENDINGS, MONTHS, NOT_COUNTRIES, type Placeholder, TOP_DOMAINS, UNITS } from './vocabulary.js';

/**
 * A word of a message: letters, digits and the characters that join them (`10.0.0.3:5432`, `/var/log/x`, `jk2_init`).
 */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** The bitwise OR of its characters' classes. */
  readonly bits: number;
}

const PATH = SLASH | BACKSLASH;
/** At the end of a word these are punctuation of the sentence. */
const TRAILING = JOINER & ~PATH;

/** Returns the word that begins at `start`, with any first character. */
export function readWord(text: string, start: number): Word {
  let bits = bitsAt(text, start);
  let end = start + 1;
  for (;;) {
    const here = bitsAt(text, end);
    if ((here & WORD) === 0 && ((here & JOINER) === 0 || !joins(text, start, end, bits))) break;
    if (((here | bits) & BEYOND_ASCII) !== 0 && (here & DIGIT) !== (bitsAt(text, end - 1) & DIGIT)) break;
    bits |= here;
    end += 1;
  }
  while (end > start + 1 && (bitsAt(text, end - 1) & TRAILING) !== 0) end -= 1;
  return { start, end, bits };
}

/** Whether the joiner at `at` continues the word that began at `start` and has `bits` so far. */
function joins(text: string, start: number, at: number, bits: number): boolean {
  const joiner = bitsAt(text, at);
  if ((joiner & COLON) !== 0) return colonJoins(text, start, at, bits);
  const next = bitsAt(text, at + 1);
  if ((next & WORD) !== 0 || ((joiner | bits) & PATH) !== 0) return true;
  // `1##2` is one word, `end......0` is not.
  return (bits & DIGIT) !== 0 && (next & JOINER & ~DOT) !== 0 && (joiner & DOT) === 0;
}

const HEX_PAIRS = /[\da-f]{1,4}(?:::?[\da-f]{1,4}){2,7}(?![\w:])/iy;

/** The end of `03:04:05Z`. */
const SECONDS_IN_UTC = /\d\d(?:[.,]\d{1,9})?Z(?!\w)/y;

/** `key:value` is two words; a URL, a port, a line number, a time, a MAC address and IPv6 are one. */
function colonJoins(text: string, start: number, at: number, bits: number): boolean {
  const next = bitsAt(text, at + 1);
  if ((bits & (DIGIT | DOT | PATH)) !== 0) {
    if (hexFollows(text, at + 1) || ((next & COLON) !== 0 && hexFollows(text, at + 2))) return true;
    SECONDS_IN_UTC.lastIndex = at + 1;
    return (bits & DIGIT) !== 0 && SECONDS_IN_UTC.test(text);
  }
  if ((next & PATH) !== 0) return at - start === 1 || text.startsWith('//', at + 1);
  if ((bits & NOT_HEX) !== 0 || at - start > 4) return false;
  HEX_PAIRS.lastIndex = start;
  return HEX_PAIRS.test(text);
}

/** Whether a few hexadecimal digits follow and no other letter: in `added` they do not. */
function hexFollows(text: string, start: number): boolean {
  let at = start;
  while (at < start + 6 && isHex(bitsAt(text, at))) at += 1;
  return at > start && (bitsAt(text, at) & LETTER) === 0;
}

function isHex(bits: number): boolean {
  return (bits & (DIGIT | LETTER)) !== 0 && (bits & ~(DIGIT | LETTER)) === 0;
}

/** The character classes of a plain word without digits. */
const PLAIN = LETTER | NOT_HEX | BEYOND_ASCII | UNDERSCORE | DASH | MARK;

/** English words that consist only of the letters a to f are shorter. */
const MIN_HEX_LENGTH = 8;

/** Returns the placeholder for a word, or `undefined` if the word is constant. */
export function placeholderOf(text: string, { start, end, bits }: Word): Placeholder | undefined {
  if (bits === DIGIT) return '<num>';
  if ((bits & ~PLAIN) === 0) {
    if (end - start < MIN_HEX_LENGTH) return undefined;
    return isHex(bits) || endsByChance(text.slice(start, end), bits) ? '<num>' : undefined;
  }
  const word = text.slice(start, end);
  if ((bits & COLON) !== 0 && (bits & SLASH) !== 0 && word.includes('://')) return '<url>';
  if ((bits & BACKSLASH) !== 0) return '<path>';
  if ((bits & AT) !== 0) return addressPlaceholder(word);
  if ((bits & SLASH) !== 0) return slashPlaceholder(word, bits);
  if ((bits & DIGIT) !== 0) return digitPlaceholder(word, bits);
  return (bits & DOT) !== 0 ? dotPlaceholder(word) : undefined;
}

/** Whether a word, or its last part (`cus_NffrFeUfNVHib`), is letters by chance. */
function endsByChance(word: string, bits: number): boolean {
  if ((bits & (UNDERSCORE | DASH | MARK)) === 0) return isByChance(word);
  // `SQLITE_BUSY` and `read-only` are written in one case.
  if ((bits & UPPER) === 0 || (bits & LOWER) === 0) return false;
  return isByChance(word.slice(Math.max(word.lastIndexOf('_'), word.lastIndexOf('-')) + 1));
}

/** Random letters change their case often. Names in code do so at every fourth letter or less. */
const MIN_LETTERS_PER_TURN = 2.5;

/** Distinguishes camel case (`getUserV2`) from random letters and digits (`jA9J1UvC0043`). */
function isCamelCase(word: string): boolean {
  let letters = 0;
  let turns = 0;
  let before = 0;
  for (let at = 0; at < word.length; at++) {
    const here = bitsAt(word, at);
    if ((here & LETTER) !== 0) letters += 1;
    if ((here & UPPER) !== 0 && (before & LOWER) !== 0) turns += 1;
    if ((here & DIGIT) !== 0 && (before & DIGIT) === 0) turns += 1;
    before = here;
  }
  return letters >= turns * MIN_LETTERS_PER_TURN;
}

const HUMP = /^[A-Za-z][a-z]{2,}(?=[a-z\d]*[A-Z])[A-Za-z\d]*$/;

/** Whether a word is a name in code that contains a number: `getUserV2`, `flush2Disk`, but not `node12`. */
export function isCodeName(text: string, { start, end, bits }: Word): boolean {
  if ((bits & LETTER) !== LETTER) return false;
  const word = text.slice(start, end);
  return HUMP.test(word) && isCamelCase(word) && !isByChance(word);
}

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const HAS_IPV4 = new RegExp(`(?:^|[/@])${IPV4}(?:[:/@][\\d:/@]*)?$`);
const OBJECT_HASH = /^[A-Za-z_$.]+@(?=.*\d)[\da-f]+$/;

/** Returns the placeholder for a word with `@`: `a@b.example` is an email address, `Class@1a2b` and `1@2` are not. */
function addressPlaceholder(word: string): Placeholder {
  if (HAS_IPV4.test(word)) return '<host>';
  return OBJECT_HASH.test(word) || /@\d/.test(word) ? '<num>' : '<email>';
}

const DATE_WITH_SLASHES = /^\d{1,4}\/(?:\d{1,2}|[A-Z][a-z]{2})\/\d{1,4}(?:[:T-][\d:.]+)?$/;
const ABSOLUTE = /^(?:[/.~]|[A-Za-z]:)/;

function slashPlaceholder(word: string, bits: number): Placeholder | undefined {
  if (word === '/') return undefined;
  if ((bits & DIGIT) !== 0) {
    if (HAS_IPV4.test(word)) return '<host>';
    if (DATE_WITH_SLASHES.test(word)) return '<time>';
    if ((bits & LETTER) === 0) return '<num>';
  }
  const isPath = ABSOLUTE.test(word) || (bits & (DIGIT | DOT)) !== 0 || word.indexOf('/') !== word.lastIndexOf('/');
  // `read/write` is a word and not a path.
  return isPath ? '<path>' : undefined;
}

const PORT = /:\d+$/;

/**
 * Returns the placeholder for a dotted word: a host or a file (perhaps with line and column). Others are names in code.
 */
function dotPlaceholder(word: string): Placeholder | undefined {
  const colon = word.indexOf(':');
  const name = colon < 0 ? word : word.slice(0, colon);
  const ending = name.slice(name.lastIndexOf('.') + 1);
  if (FILE_ENDINGS.has(ending)) return '<path>';
  if (colon >= 0 && PORT.test(word)) return '<host>';
  if (TOP_DOMAINS.has(ending.toLowerCase())) return '<host>';
  const isCountry = /^[a-z]{2}$/.test(ending) && !NOT_COUNTRIES.has(ending);
  return isCountry && name.indexOf('.') !== name.lastIndexOf('.') ? '<host>' : undefined;
}

/** Patterns of words with digits. The first match wins. A pattern is tried only if the word has the class `needs`. */
const VALUE_PATTERNS: readonly (readonly [needs: number, pattern: RegExp, Placeholder])[] = [
  [DOT, new RegExp(`^${IPV4}(?::\\d+)?$`), '<host>'],
  [DASH, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, '<uuid>'],
  [COLON, /^\d{1,3}(?::\d\d){1,2}(?:\.\d+)?(?:Z|[AaPp][Mm])?$/, '<time>'],
  [DASH, /^\d{4}-\d\d-\d\d(?:[T_-].*)?$/, '<time>'],
  [DOT, /^\d{4}\.\d\d\.\d\d(?:[T_-].*)?$/, '<time>'],
  [DASH, new RegExp(`^\\d{1,2}-(?:\\d{1,2}|${MONTHS})-\\d{4}$`), '<time>'],
  [DOT, /^\d{1,2}\.\d{1,2}\.\d{4}$/, '<time>'],
  [COLON, /^[\da-f]{2}(?::[\da-f]{2}){5,}$/i, '<mac>'],
  [DASH, /^[\da-f]{2}(?:-[\da-f]{2}){5}$/i, '<mac>'],
  [COLON, /^(?=.*(?:::|[a-f]))[\da-f]{1,4}(?:::?[\da-f]{1,4}){2,7}(?:%\w+)?$/i, '<host>'],
  [LETTER, /^(?:\d+(?:\.\d+)?(?:ms|us|µs|ns|[dhmsDHMS]))+$/, '<time>'],
];
const AMOUNT = /^\d[\d.]*([A-Za-zµ]+)$/;

function digitPlaceholder(word: string, bits: number): Placeholder {
  // Most ids (`blk_17`, `node-4`) begin with a letter that no pattern begins with.
  if ((bits & DOT) === 0 && !isHex(bitsAt(word, 0))) return '<num>';
  for (const [needs, pattern, placeholder] of VALUE_PATTERNS)
    if ((bits & needs) !== 0 && pattern.test(word)) return placeholder;
  const unit = (bits & LETTER) !== 0 ? AMOUNT.exec(word)?.[1] : undefined;
  if (unit !== undefined) return UNITS.get(unit) ?? '<num>';
  return ((bits & DOT) !== 0 && dotPlaceholder(word)) || '<num>';
}
