/** Finds where a value in a text ends: a quoted one, one in brackets, or a plain one. */

/** A range of a text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An opening quote, also an escaped one. */
export const QUOTE: RegExp = /\\{0,7}["'`]/y;

export function nonEmpty(span: Span): Span | undefined {
  return span.to > span.from ? span : undefined;
}

export function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/**
 * An unquoted value. It ends at white space, or at a punctuation mark whose following text shows that it separates: `,`
 * ends the value in `a=b, c` and `a=b,c=d`, but not in the password `p,w`.
 */
const PLAIN =
  /(?:<[^<>\s]{1,200}>|\[redacted\]|[^\s"'`,;&<>(){}[\]|\\]|\\(?![nrt"'`\\])|["'`,;&<>(){}[\]|](?![\s"'`,;&)\]}>|]|$|[\w.%[\]-]{1,40}["']?\s?[=:]))*/y;

export function plainEnd(text: string, from: number): number {
  return from + matchAt(PLAIN, text, from).length;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Returns the index of the closing quote on the same line, or the end of the line without one. */
export function closingQuote(text: string, quote: string, from: number): number {
  const end = lineEnd(text, from);
  for (let at = text.indexOf(quote, from); at >= 0 && at < end; at = text.indexOf(quote, at + 1)) {
    const escapes = backslashesBefore(text, at, from);
    if (quote.length === 1 ? escapes % 2 === 0 : escapes === 0) return at;
  }
  return end;
}

function backslashesBefore(text: string, at: number, from: number): number {
  let count = 0;
  while (at - 1 - count >= from && text[at - 1 - count] === '\\') count++;
  return count;
}

/** A longer list or map is redacted to the end of its line. Names in the following lines are matched on their own. */
const MAX_BRACKETS_LENGTH = 1_000;
/** `{` and `}`. With bit 0x20 set, `[` and `]` have the same codes. */
const OPENS = 0x7b;
const CLOSES = 0x7d;

export function closingBracket(text: string, start: number): number {
  const end = Math.min(text.length, start + MAX_BRACKETS_LENGTH);
  let depth = 0;
  for (let at = start; at < end; at++) {
    const here = text.charCodeAt(at) | 0x20;
    if (here === OPENS) depth++;
    else if (here === CLOSES && --depth === 0) return at + 1;
  }
  return lineEnd(text, start);
}
