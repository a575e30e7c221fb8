/**
 * Text of strangers made safe to show: bounded, well-formed, without what disguises. Order matters: cut first, then
 * clean, then escape, so that no step ever sees an unbounded string.
 */

/** Control characters but newline and tab; zero-width characters, soft hyphens, byte order marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u180e\u200b\u200c\u2060-\u2064\ufeff\ufff9-\ufffb]/g;
/** What colours a terminal: without its invisible beginning the rest of it would stay as noise. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with one
const TERMINAL_CODE = /\u001b\[[0-9;:?]{0,40}[@-~]/g;
/** Marks that turn the direction of text round: shown as a replacement character, so that a disguise is seen. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** A zero-width joiner that joins no emoji. */
const STRAY_JOINER =
  /(?<!\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}])\u200d|\u200d(?!\p{Extended_Pictographic})/gu;

/** Most texts are printable ASCII and need none of it: this look costs a fiftieth of the cleaning. */
const UNUSUAL = /[^\t\n\x20-\x7e]/;

/** Line ends become `\n`; colours of a terminal and invisible characters go, direction marks and lone surrogates become U+FFFD. */
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

/** The text on one line: every run of white space becomes one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Made when the first text is cut, because it takes longer than the rest of the import. */
let graphemes: Intl.Segmenter | undefined;
/** A cluster of more than this many code units is no letter that anybody reads; it may be cut inside. */
const LONGEST_GRAPHEME = 64;

/** The longest beginning of `text` of at most `maxLength` UTF-16 units that ends between two graphemes. */
export function startOf(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  if (maxLength <= 0) return '';
  // From the very beginning: a flag is a pair of letters, and which of many is the first of a pair shows only there.
  const window = text.slice(0, maxLength + LONGEST_GRAPHEME);
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const start = graphemes.segment(window).containing(maxLength)?.index ?? maxLength;
  const end = maxLength - start > LONGEST_GRAPHEME ? maxLength : start;
  return text.slice(0, splitsPair(text, end) ? end - 1 : end);
}

function splitsPair(text: string, at: number): boolean {
  return isSurrogate(text, at - 1, 0xd800) && isSurrogate(text, at, 0xdc00);
}

function isSurrogate(text: string, at: number, from: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= from && unit < from + 0x400;
}

/** A count as people read it: `1,204`. Without Intl, which would load the data of all languages when the app starts. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 record`, `1,204 records`. */
export function countedOf(count: number, noun: string): string {
  return `${counted(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What stands where text is missing, with how much: `… (+1,234 characters)`. */
export function missingMark(missing: number): string {
  return `… (+${countedOf(missing, 'character')})`;
}

/** Options of {@link cutTo}. */
export interface CutOptions {
  /** How long a text is. Default: UTF-16 units, which is never less than Slack's characters. */
  readonly measure?: (text: string) => number;
  /** Characters that were cut off before. Default: 0. */
  readonly missing?: number;
}

/**
 * `text` if it fits and is whole, else its beginning and a mark that says how much is missing, together at most
 * `maxLength` long.
 */
export function cutTo(text: string, maxLength: number, { measure = lengthOf, missing = 0 }: CutOptions = {}): string {
  if (missing === 0 && measure(text) <= maxLength) return text;
  const room = maxLength - measure(missingMark(text.length + missing));
  if (room <= 0) return longestWithin(text, maxLength, measure);
  const kept = longestWithin(text, room, measure);
  return kept + missingMark(text.length - kept.length + missing);
}

function lengthOf(text: string): number {
  return text.length;
}

/** By halving, because escaping makes a text longer by an amount that depends on what is in it. */
function longestWithin(text: string, room: number, measure: (text: string) => number): string {
  let fits = 0;
  let tooLong = Math.min(text.length, room) + 1;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(text.slice(0, middle)) <= room) fits = middle;
    else tooLong = middle;
  }
  return startOf(text, fits);
}

/** The first line that is not empty, without white space around it. */
export function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]?.trim() ?? '';
}

/** Joins the parts that are neither empty nor undefined. */
export function joined(separator: string, ...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part).join(separator);
}
