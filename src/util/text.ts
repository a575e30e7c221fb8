/**
 * Makes untrusted text safe to show: bounded, well-formed and without invisible characters. The order matters: cut
 * first, then clean, then escape, so that no step reads an unbounded string.
 */

/** Control characters except newline and tab; zero-width characters, soft hyphens, byte order marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u180e\u200b\u200c\u2060-\u2064\ufeff\ufff9-\ufffb]/g;
/** ANSI escape sequences, such as colours. Removed as a whole: without the escape character, `[31m` would remain. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence begins with a control character
const TERMINAL_CODE = /\u001b\[[0-9;:?]{0,40}[@-~]/g;
/**
 * Marks that change the direction of text. They become U+FFFD, so that a reader sees the attempt to disguise a text.
 */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** A zero-width joiner that is not between two emoji. */
const STRAY_JOINER =
  /(?<!\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}])\u200d|\u200d(?!\p{Extended_Pictographic})/gu;

/** Most texts are printable ASCII and need no cleaning. This test costs a fiftieth of the cleaning. */
const UNUSUAL = /[^\t\n\x20-\x7e]/;

/**
 * Returns the text with every line end as `\n`, without ANSI escape sequences and invisible characters. Direction marks
 * and lone surrogates become U+FFFD.
 */
export function clean(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(TERMINAL_CODE, '')
    .replace(INVISIBLE, '')
    .replace(BIDI, '\ufffd')
    .replace(STRAY_JOINER, '');
}

/**
 * Characters that a terminal obeys or hides: control characters except newline and tab, direction marks, line separators,
 * and invisible characters.
 */
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Returns a text of unknown origin as a terminal may show it: characters that a terminal obeys or hides become escapes
 * such as `\u001b`, so that a reader sees them. An escape in a string of JSON keeps its meaning.
 */
export function printable(text: string): string {
  return UNUSUAL.test(text) ? text.toWellFormed().replace(UNPRINTABLE, escapesOf) : text;
}

/** Returns a text like {@link printable}, on one line: a line break of unknown origin could begin a forged line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escapesOf);
}

function escapesOf(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => {
    return `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}

/** Returns the text on one line: every run of white space becomes one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Made when the first text is cut, because it takes longer than the rest of the import. */
let graphemes: Intl.Segmenter | undefined;
/** In code units. A longer grapheme is not a readable character and may be cut in the middle. */
const MAX_GRAPHEME_LENGTH = 64;

/** Returns the longest beginning of `text` that has at most `maxLength` UTF-16 units and ends between two graphemes. */
export function startOf(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  if (maxLength <= 0) return '';
  // Segment from index 0: a flag is a pair of letters, and in a row of flags only the beginning shows where a pair
  // starts.
  const window = text.slice(0, maxLength + MAX_GRAPHEME_LENGTH);
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const start = graphemes.segment(window).containing(maxLength)?.index ?? maxLength;
  const end = maxLength - start > MAX_GRAPHEME_LENGTH ? maxLength : start;
  return text.slice(0, splitsPair(text, end) ? end - 1 : end);
}

function splitsPair(text: string, at: number): boolean {
  return isSurrogate(text, at - 1, 0xd800) && isSurrogate(text, at, 0xdc00);
}

function isSurrogate(text: string, at: number, from: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= from && unit < from + 0x400;
}

/** Formats a count: `1,204`. Without Intl, which loads the data of all languages when the app starts. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Formats a count and its noun: `1 record`, `1,204 records`. */
export function countedOf(count: number, noun: string): string {
  return `${counted(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Returns the mark at the end of a cut text: `… (+1,234 characters)`. */
export function missingMark(missing: number): string {
  return `… (+${countedOf(missing, 'character')})`;
}

/** Options of {@link cutTo}. */
export interface CutOptions {
  /** Returns the length of a text. Default: its UTF-16 units, which are never fewer than Slack's characters. */
  readonly measure?: (text: string) => number;
  /** The number of characters that were cut off earlier. Default: 0. */
  readonly missing?: number;
}

/**
 * Returns `text` if it fits and nothing is missing. Otherwise returns its beginning and a mark with the number of
 * missing characters, together at most `maxLength` long.
 */
export function cutTo(text: string, maxLength: number, { measure = lengthOf, missing = 0 }: CutOptions = {}): string {
  if (missing === 0 && measure(text) <= maxLength) return text;
  const maxStartLength = maxLength - measure(missingMark(text.length + missing));
  if (maxStartLength <= 0) return longestStartWithin(text, maxLength, measure);
  const start = longestStartWithin(text, maxStartLength, measure);
  return start + missingMark(text.length - start.length + missing);
}

function lengthOf(text: string): number {
  return text.length;
}

/** A binary search, because escaping lengthens a text by an amount that depends on its characters. */
function longestStartWithin(text: string, maxStartLength: number, measure: (text: string) => number): string {
  let fits = 0;
  let tooLong = Math.min(text.length, maxStartLength) + 1;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(text.slice(0, middle)) <= maxStartLength) fits = middle;
    else tooLong = middle;
  }
  return startOf(text, fits);
}

/** Returns the first line that is not empty, without white space around it. */
export function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]?.trim() ?? '';
}

/** Joins the parts that are neither empty nor undefined. */
export function joined(separator: string, ...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part).join(separator);
}
