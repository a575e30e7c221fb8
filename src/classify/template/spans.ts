import { bitsAt, CLOSES, DIGIT, EQUALS, JOINER, LETTER, LISTS, OPENS, SPACE, UPPER, WORD } from './char-classes.js';
import { ABSTRACT_NOUN, AFTER_NAMES, BEFORE_NAMES, MONTHS, NOT_NAMES, WEEKDAYS } from './vocabulary.js';
import { readWord, type Word } from './words.js';

/** The maximum length of a value in quotes or brackets. */
export const MAX_SPAN_LENGTH = 200;

/**
 * Returns the index of the quote that closes the one at `open`, or -1 if none is near. An apostrophe in a word is
 * skipped.
 */
export function closingQuote(text: string, open: number): number {
  const quote = text[open];
  const end = Math.min(text.length, open + MAX_SPAN_LENGTH);
  for (let at = open + 1; at < end; at++) {
    const here = text[at];
    if (here === '\\') at += 1;
    else if (here === quote && (quote !== "'" || (bitsAt(text, at + 1) & WORD) === 0)) return at;
  }
  return -1;
}

/** Returns the index after the bracket that closes the one at `open`, or `open` if none is near. */
export function groupEnd(text: string, open: number): number {
  const end = Math.min(text.length, open + MAX_SPAN_LENGTH);
  let depth = 0;
  for (let at = open; at < end; at++) {
    const here = bitsAt(text, at);
    if ((here & OPENS) !== 0) depth += 1;
    else if ((here & CLOSES) !== 0) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return open;
}

const MAX_GAP_LENGTH = 8;

/** Whether only separators are between two values. */
export function isListGap(text: string, start: number, end: number): boolean {
  if (end - start > MAX_GAP_LENGTH) return false;
  for (let at = start; at < end; at++) if ((bitsAt(text, at) & LISTS) === 0) return false;
  return true;
}

const RELATIVE = /\.{1,2}[\\/]/y;

/** Whether a word begins with the joiner at `at`: a path or a fraction. */
export function startsWord(text: string, at: number): boolean {
  switch (text[at]) {
    case '/':
      return true;
    case '\\':
      return (bitsAt(text, at + 1) & (WORD | JOINER)) !== 0;
    case '~':
      return text[at + 1] === '/';
    case '.':
      if ((bitsAt(text, at - 1) & WORD) !== 0 || text[at - 1] === '.') return false;
      return (bitsAt(text, at + 1) & DIGIT) !== 0 || endOf(RELATIVE, text, at) > at;
    default:
      return false;
  }
}

/** Whether the character at `at` belongs to the number after it: a sign, a currency, `#`, `<`. */
export function isPrefix(text: string, at: number): boolean {
  if (!'-+#*@$€£~<>'.includes(text[at] as string)) return false;
  return at === 0 || (bitsAt(text, at - 1) & (SPACE | OPENS | EQUALS | LISTS)) !== 0;
}

const SHORT_IPV6 = /(?<!\w)::(?:[\da-f]{1,4}:){0,6}(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[\da-f]{1,4})(?![\w.:])/iy;

/** Returns the index after the IPv6 address that begins with `::` at `at`, or `at` if there is none. */
export function shortIpv6End(text: string, at: number): number {
  return text[at + 1] === ':' ? endOf(SHORT_IPV6, text, at) : at;
}

const BRACKETED_IPV6 =
  /\[(?=[^\]]{0,40}(?:::|[a-f]))[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?:\d{0,3}(?:\.\d{1,3}){3})?(?:%\w{1,20})?\](?::\d{1,5})?/iy;

/** Returns the index after `[fe80::1]:5432` that begins at `at`, or `at` if there is none. */
export function bracketedIpv6End(text: string, at: number): number {
  return text[at] === '[' ? endOf(BRACKETED_IPV6, text, at) : at;
}

const THOUSANDS = /(?:,\d{3}){1,6}(?:\.\d+)?(?![\d,])/y;

/** Returns the end of the number (`1,234.5`) whose first digits are between two indices. */
export function groupedNumberEnd(text: string, start: number, end: number): number {
  return text[end] === ',' && end - start <= 3 ? endOf(THOUSANDS, text, end) : end;
}

const DATE_STARTS = 'JFMASONDTW';
const DAY_AND_MONTH = `(?:(?:${WEEKDAYS})[a-z]{0,6},? )?(?:\\d{1,2} )?(?:${MONTHS})[a-z]{0,6} {1,2}\\d{1,4}(?:,? \\d{4})?`;
const CLOCK =
  '(?: \\d{1,2}:\\d\\d(?::\\d\\d)?(?:[.,]\\d{1,9})?)?(?: [A-Z]{3,4}(?!\\w))?(?: [+-]\\d{4})?(?: \\d{4})?(?!\\w)';
const DATE = new RegExp(DAY_AND_MONTH + CLOCK, 'y');
const AFTER_TIME = /,\d{1,9}|(?: ?(?:[AaPp][Mm]|UTC|GMT|[A-Z]{1,3}[SD]T)(?!\w))?(?: ?[+-]\d\d:?\d\d(?!\d))?/y;

/** Returns the index after the date (`Fri Jul 01 08:16:53 PDT 2005`) that begins at `at`, or `at` if there is none. */
export function dateEnd(text: string, at: number): number {
  if ((bitsAt(text, at) & UPPER) === 0 || !DATE_STARTS.includes(text[at] as string)) return at;
  return endOf(DATE, text, at);
}

/** Returns the index after the fraction, `PM` and time zone of the time that ends at `at`. */
export function timeEnd(text: string, at: number): number {
  return endOf(AFTER_TIME, text, at);
}

const SENDER_FOLLOWS = / (?:from|by) (?=[\w.:-]{0,40}\d)/y;

/** Whether the word after `user` (for a sender: after `for`) is the name of a person. The following word decides. */
export function isName(text: string, { start, end }: Word, isSender: boolean): boolean {
  const name = text.slice(start, end);
  const isNoun = NOT_NAMES.has(name) || BEFORE_NAMES.has(name) || ABSTRACT_NOUN.test(name);
  if (endOf(SENDER_FOLLOWS, text, end) > end) return !isSender || !isNoun;
  if (isSender || isNoun) return false;
  if (text[end] !== ' ') return text[end] !== '<';
  if ((bitsAt(text, end + 1) & LETTER) === 0) return '([{'.includes(text[end + 1] as string);
  const next = readWord(text, end + 1);
  return AFTER_NAMES.has(text.slice(next.start, next.end));
}

function endOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}
