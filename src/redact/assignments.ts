/**
 * Redacts secrets that follow a name in a text: `password=…`, `"token": "…"`, `Authorization: …`, `<secret>…</secret>`.
 */

import { valueBelow } from './next-lines.js';
import { REDACTED } from './secret-patterns.js';
import { closingBracket, closingQuote, matchAt, nonEmpty, plainEnd, QUOTE, type Span } from './value-span.js';

/** Judges a value by the name of its field. */
export interface SecretNames {
  /** Whether a field with this name may have a secret value. Most names may not, and their values are not read. */
  mayHide(key: string): boolean;
  /** Whether the value of the field is a secret. */
  hides(key: string, value: string): boolean;
}

/** Returns the text with the values of secret names redacted. */
export function redactAssignments(text: string, names: SecretNames): string {
  return redactNamed(text.includes('</') ? redactElements(text, names) : text, names);
}

const ELEMENT = /<((?:[\w-]{1,40}:)?[\w.-]{1,64})((?:\s[^<>]{0,200})?>)([^<]{1,4000})/g;

function redactElements(text: string, names: SecretNames): string {
  return text.replace(ELEMENT, (found: string, name: string, rest: string, value: string) =>
    names.hides(name, value) ? `<${name}${rest}${REDACTED}` : found,
  );
}

/**
 * A name, its closing characters (`headers['cookie']`, `Key (token)=(…)`, `user%5Bpassword%5D`), and the characters
 * between name and value. The lookbehind allows a match only at the beginning of a run of letters, so that the time is
 * linear.
 */
const NAME =
  /(?<![\w.$-])([\w.$-]{1,128})(?![\w.$-])(?:["'\\\])]|%5D|%22){0,4}[ \t]{0,3}(?:=>|:=|:(?!:)|=(?![=~])|%3[AD])[ \t]{0,3}(?:\[[\d;]{0,8}m){0,2}/gi;

function redactNamed(text: string, names: SecretNames): string {
  let out = '';
  let copied = 0;
  const hides = withLastResult(names);
  NAME.lastIndex = 0;
  for (let found = NAME.exec(text); found !== null; found = NAME.exec(text)) {
    const name = nameOf(text, found);
    if (!names.mayHide(name)) continue;
    // Only the head of the value is read first. Otherwise a text full of names would be read once for each name.
    const span = hides(name, headAt(text, NAME.lastIndex)) ? valueAt(text, found, name) : undefined;
    if (span === undefined) continue;
    out += text.slice(copied, span.from) + REDACTED;
    copied = span.to;
    NAME.lastIndex = span.to;
  }
  return out + text.slice(copied);
}

/** Remembers the last result, because a text with many names often repeats one name. */
function withLastResult(names: SecretNames): SecretNames['hides'] {
  let last: { readonly key: string; readonly value: string; readonly result: boolean } | undefined;
  return (key, value) => {
    if (last?.key !== key || last.value !== value) last = { key, value, result: names.hides(key, value) };
    return last.result;
  };
}

const HEAD = /(?:\\{0,7}["'`])?(\w[\w-]{0,40}(?:\.\w{1,20}){0,3})(?=\.?(?:[\s"'`,;&)\]}<>\\]|$))/y;

/** Returns the value when it is one word or number, otherwise a placeholder that is neither. */
function headAt(text: string, at: number): string {
  HEAD.lastIndex = at;
  return HEAD.exec(text)?.[1] ?? REDACTED;
}

/** Words whose meaning depends on the words before them: `API key: …`, `Unexpected token: …`. */
const NEEDS_PRECEDING_WORDS = /^(?:key|id|number|code|phrase|no|token)$/i;

function nameOf(text: string, { 1: name = '', index }: RegExpExecArray): string {
  if (!NEEDS_PRECEDING_WORDS.test(name)) return name;
  const before = /(?:[A-Za-z]+[ ]){1,2}$/.exec(text.slice(Math.max(0, index - 30), index))?.[0] ?? '';
  return before + name;
}

const AUTHORIZATION = /authorization$/i;
const COOKIE = /cookies?$/i;

/** Returns the range of the value, or `undefined` when no value follows the name. */
function valueAt(text: string, found: RegExpExecArray, name: string): Span | undefined {
  const start = found.index + found[0].length;
  const quote = matchAt(QUOTE, text, start);
  if (quote !== '') {
    const from = start + quote.length;
    return nonEmpty({ from: schemeEnd(text, from), to: closingQuote(text, quote, from) });
  }
  const opened = text[start];
  if (opened === '(') return nonEmpty({ from: start + 1, to: closingQuote(text, ')', start + 1) });
  const isList = (opened === '[' && !text.startsWith(REDACTED, start)) || opened === '{';
  if (isList) return { from: start, to: plainEnd(text, closingBracket(text, start)) };
  if (isPosition(text, found) || isProse(text, found)) return undefined;
  const below = found[0].includes(':') ? valueBelow(text, found.index, start, beginsProse) : undefined;
  if (below !== undefined) return below;
  const isHeader = found[0].trimEnd().endsWith(':');
  if (AUTHORIZATION.test(name)) return authorization(text, start, text[found.index - 1]);
  if (COOKIE.test(name)) return isHeader ? header(text, start, text[found.index - 1]) : cookies(text, start);
  return nonEmpty({ from: start, to: plainEnd(text, start) });
}

/** Authentication schemes. They are not secret and stay visible. */
const SCHEME =
  /(?:Bearer|Basic|Token|ApiKey|Api-Key|Negotiate|NTLM|DPoP|Digest|OAuth|Hawk|AWS4-HMAC-SHA256)[ \t]{1,4}/iy;
/** Schemes whose credentials are one word. */
const ONE_WORD = /^(?:Bearer|Basic|ApiKey|Api-Key|Negotiate|NTLM|DPoP)/i;

function schemeEnd(text: string, at: number): number {
  return at + matchAt(SCHEME, text, at).length;
}

function authorization(text: string, start: number, before: string | undefined): Span | undefined {
  const from = schemeEnd(text, start);
  const isOneWord = ONE_WORD.test(text.slice(start, from));
  return isOneWord ? nonEmpty({ from, to: plainEnd(text, from) }) : header(text, from, before);
}

/** Further cookies and attributes: `; Path=/; HttpOnly`. */
const MORE_COOKIES = /(?:; ?[\w-]{1,60}(?:=[^\s;"']{0,2000})?)*/y;

function cookies(text: string, from: number): Span | undefined {
  const to = plainEnd(text, from);
  return nonEmpty({ from, to: to + matchAt(MORE_COOKIES, text, to).length });
}

const HEADER_END = /[\r\n]|\\[rn]/g;

/** A header ends with its line, or at the quote that was opened before its name. */
function header(text: string, from: number, before = ''): Span | undefined {
  HEADER_END.lastIndex = from;
  const line = HEADER_END.exec(text)?.index ?? text.length;
  const quote = /["'`]/.test(before) ? text.indexOf(before, from) : -1;
  return nonEmpty({ from, to: quote >= 0 ? Math.min(quote, line) : line });
}

/** Whether the "value" is a line number of a file: `/app/token:10:5`. */
function isPosition(text: string, { 0: found, index }: RegExpExecArray): boolean {
  return (
    /[/\\]/.test(text[index - 1] ?? '') &&
    found.endsWith(':') &&
    LINE.test(text.slice(index + found.length, index + found.length + 20))
  );
}

const LINE = /^\d{1,7}(?![\w-])/;

/** Whether a sentence continues after the colon: `password: must be longer`, `Unexpected token: {`. */
function isProse(text: string, { 0: found, index }: RegExpExecArray): boolean {
  const start = index + found.length;
  return found.endsWith(': ') && beginsProse(text.slice(start, start + 40));
}

function beginsProse(text: string): boolean {
  return PROSE_START.test(text);
}

const PROSE_START =
  /^(?:an?|are|bad|cannot|denied|does|empty|error|expected|expired|failed|failure|got|has|have|incorrect|invalid|is|malformed|mismatch|missing|must|none?|not|null|object|ok|required|revoked|should|string|the|too|undefined|unknown|unset|unsupported|was|were|wrong)(?![\w-]|[^\s\w]\S)/i;
