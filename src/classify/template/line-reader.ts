import {
  BEYOND_ASCII,
  bitsAt,
  CLOSES,
  COLON,
  DASH,
  DIGIT,
  DOT,
  EQUALS,
  JOINER,
  LETTER,
  NOT_HEX,
  OPENS,
  QUOTE,
  SPACE,
  UNDERSCORE,
  UPPER,
  WORD,
} from './char-classes.js';
import {
  bracketedIpv6End,
  closingQuote,
  dateEnd,
  groupEnd,
  groupedNumberEnd,
  isListGap,
  isName,
  isPrefix,
  MAX_SPAN_LENGTH,
  shortIpv6End,
  startsWord,
  timeEnd,
} from './spans.js';
import {
  BEFORE_NAMES,
  BEFORE_NAMES_STARTS,
  BEFORE_SENDERS,
  DESCRIPTIVE_KEYS,
  MAX_UNIT_LENGTH,
  METHODS,
  PLACEHOLDERS,
  type Placeholder,
  UNITS,
  UNITS_WITHOUT_SPACE,
} from './vocabulary.js';
import { isCodeName, placeholderOf, readWord, type Word } from './words.js';

/** Returns the template of a text whose white space is single spaces. */
export function readLine(text: string): string {
  return new LineReader(text).read();
}

const isIn = (set: ReadonlySet<string>, text: string, { start, end }: { start: number; end: number }): boolean =>
  set.has(text.slice(start, end));

/** The character classes of a key. */
const KEY = WORD | NOT_HEX | BEYOND_ASCII | DOT | DASH;

/**
 * Reads a text in one pass. Each method reads one element that begins at a position and returns the position after it.
 * Text that no method replaces is copied unchanged.
 */
class LineReader {
  private readonly text: string;
  private out = '';
  /** The text before this position is already in `out`. */
  private copied = 0;
  /** The last placeholder, and the end of its value in the text. */
  private last: Placeholder | undefined;
  private lastEnd = 0;
  /** The last word that was not replaced. It is a key if `=` or `:` follows. */
  private key = { start: 0, end: 0 };
  /** Brackets and quotes before this position have no closing one nearby. They are not searched again. */
  private unclosedUntil = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): string {
    const { length } = this.text;
    for (let at = 0; at < length; ) at = this.step(at);
    return this.out + this.text.slice(this.copied);
  }

  private step(at: number): number {
    const { text } = this;
    const here = bitsAt(text, at);
    if ((here & WORD) !== 0) return this.word(at);
    if ((here & SPACE) !== 0) return at + 1;
    if ((here & JOINER) !== 0 && startsWord(text, at)) return this.word(at);
    if ((here & QUOTE) !== 0) return this.quote(at);
    if ((here & EQUALS) !== 0) return this.equals(at);
    if ((here & OPENS) !== 0) return this.opening(at);
    const ipv6End = (here & COLON) !== 0 ? shortIpv6End(text, at) : at;
    return ipv6End > at ? this.put(at, ipv6End, '<host>') : at + 1;
  }

  /** Writes a placeholder. Consecutive values of one kind are a list and get one placeholder. */
  private put(start: number, end: number, placeholder: Placeholder): number {
    const { text } = this;
    let next = end;
    if (placeholder === this.last && isListGap(text, this.lastEnd, start)) {
      // `5 bytes (5 B) sent`: the bracket that was opened between the values closes here.
      if ((bitsAt(text, start - 1) & OPENS) !== 0 && (bitsAt(text, end) & CLOSES) !== 0) next += 1;
    } else this.out += text.slice(this.copied, start) + placeholder;
    this.copied = next;
    this.last = placeholder;
    this.lastEnd = next;
    return next;
  }

  /** Reads an IPv6 address in brackets, or a placeholder in a text that is already a template. */
  private opening(at: number): number {
    const { text } = this;
    if (text[at] !== '<') {
      const ipv6End = bracketedIpv6End(text, at);
      return ipv6End > at ? this.put(at, ipv6End, '<host>') : at + 1;
    }
    let end = at + 1;
    while ((bitsAt(text, end) & LETTER) !== 0) end += 1;
    const found = text.slice(at, end + 1);
    return PLACEHOLDERS.has(found) ? this.put(at, end + 1, found as Placeholder) : at + 1;
  }

  private word(start: number): number {
    const { text } = this;
    const word = readWord(text, start);
    const placeholder = placeholderOf(text, word);
    switch (placeholder) {
      case undefined:
        return this.constant(word);
      case '<num>':
        return isCodeName(text, word) ? this.digitsIn(word) : this.number(word);
      case '<time>':
        return this.put(start, timeEnd(text, word.end), placeholder);
      case '<path>':
      case '<url>':
        return this.put(start, this.queryEnd(word), placeholder);
      default:
        return this.put(start, word.end, placeholder);
    }
  }

  /** Replaces the digits of a name: `getUserV2` → `getUserV<num>`. */
  private digitsIn({ start, end }: Word): number {
    for (let at = start; at < end; at++) {
      const from = at;
      while ((bitsAt(this.text, at) & DIGIT) !== 0) at += 1;
      if (at > from) this.put(from, at, '<num>');
    }
    return end;
  }

  private number({ start, end: firstEnd, bits }: Word): number {
    const { text } = this;
    const end = bits === DIGIT ? groupedNumberEnd(text, start, firstEnd) : firstEnd;
    const from = start > this.copied && isPrefix(text, start - 1) ? start - 1 : start;
    if (text[end] !== ' ' || (bitsAt(text, end + 1) & LETTER) === 0)
      return this.put(from, text[end] === '%' ? end + 1 : end, '<num>');
    const unit = readWord(text, end + 1);
    const name = unit.end - unit.start > MAX_UNIT_LENGTH ? '' : text.slice(unit.start, unit.end);
    const kind = UNITS_WITHOUT_SPACE.has(name) ? undefined : UNITS.get(name);
    return kind === undefined ? this.put(from, end, '<num>') : this.put(from, unit.end, kind);
  }

  /** Returns the end of a URL's query, which may contain `=` and `,`. Those end other words. */
  private queryEnd({ start, end }: Word): number {
    const { text } = this;
    if (text[end] !== '=' && text[end] !== ',') return end;
    const query = text.indexOf('?', start);
    if (query < 0 || query > end) return end;
    let at = end;
    while (at < text.length && (bitsAt(text, at) & (SPACE | QUOTE | CLOSES)) === 0) at += 1;
    return at;
  }

  private constant(word: Word): number {
    const { text } = this;
    const { start, end } = word;
    this.key = word;
    if (end === start + 1 && text[start] === '/') {
      // `GET /`, but not `5 / 10`.
      const isRoot = (bitsAt(text, start - 2) & UPPER) !== 0 && (bitsAt(text, end) & SPACE) !== 0;
      return isRoot ? this.put(start, end, '<path>') : end;
    }
    const length = end - start;
    if (length < 3 || length > 9) return end;
    const dateEnds = dateEnd(text, start);
    if (dateEnds > start) return this.put(start, dateEnds, '<time>');
    if ((bitsAt(text, end) & SPACE) === 0 || !BEFORE_NAMES_STARTS.includes(text[start] as string)) return end;
    const isSender = length === 3;
    return isIn(isSender ? BEFORE_SENDERS : BEFORE_NAMES, text, word) ? this.name(end, isSender) : end;
  }

  /** Reads the name after a word such as `user`, which ends at `end`. */
  private name(end: number, isSender: boolean): number {
    const { text } = this;
    const start = end + 1;
    const first = bitsAt(text, start);
    if ((first & QUOTE) !== 0 && !isSender) {
      const close = closingQuote(text, start);
      return close < 0 ? start : this.put(start, close + 1, '<user>');
    }
    if ((first & WORD) === 0) return start;
    const word = readWord(text, start);
    return isName(text, word, isSender) ? this.put(start, word.end, '<user>') : start;
  }

  private equals(at: number): number {
    const { text } = this;
    const next = text[at + 1];
    // `==`, `=>`, `<=` and similar signs compare.
    if (next === '=' || next === '>') return at + 2;
    if (at > 0 && '<>!~='.includes(text[at - 1] as string)) return at + 1;
    return this.isDescriptiveKey(at) ? at + 1 : this.value(at + 1, true);
  }

  /** Whether the sign at `at` follows a key whose value is read as text. */
  private isDescriptiveKey(at: number): boolean {
    const { key, text } = this;
    const isKey = key.end === at || (key.end === at - 1 && (bitsAt(text, key.end) & (SPACE | QUOTE)) !== 0);
    return isKey && DESCRIPTIVE_KEYS.has(text.slice(key.start, key.end).toLowerCase());
  }

  /** Replaces the value after `key=` with its brackets. A constant in upper case, such as `ENOENT`, stays. */
  private value(from: number, hasBrackets: boolean): number {
    const { text } = this;
    const start = text[from] === ' ' ? from + 1 : from;
    if ((bitsAt(text, start) & QUOTE) !== 0) {
      const close = closingQuote(text, start);
      return close < 0 ? start : this.put(start, close + 1, '<value>');
    }
    let end = start;
    let bits = 0;
    while (end < text.length && (bitsAt(text, end) & (SPACE | QUOTE | OPENS | CLOSES)) === 0) {
      if (',;|'.includes(text[end] as string)) break;
      // `logname= uid=0`: the value is empty, and this is the next key.
      if (text[end] === '=' && start > from && (bits & ~KEY) === 0) return start;
      bits |= bitsAt(text, end);
      end += 1;
    }
    while (end > start && '.:'.includes(text[end - 1] as string)) end -= 1;
    if (hasBrackets && (bitsAt(text, end) & OPENS) !== 0) end = this.groupEnd(end);
    if (end === start) return start;
    const isConstant = end - start > 1 && bits !== 0 && (bits & ~(UPPER | NOT_HEX | UNDERSCORE)) === 0;
    return isConstant ? end : this.put(start, end, '<value>');
  }

  private groupEnd(open: number): number {
    if (open < this.unclosedUntil) return open;
    const end = groupEnd(this.text, open);
    if (end === open) this.unclosedUntil = open + MAX_SPAN_LENGTH;
    return end;
  }

  /**
   * Replaces a quoted value together with its quotes. A quoted identifier (`reading 'id'`) is part of the problem and
   * stays. Quotes around the text after `msg=` and around requests (`"GET /x"`) are ignored.
   */
  private quote(at: number): number {
    const { text } = this;
    const next = bitsAt(text, at + 1);
    if ((bitsAt(text, at - 1) & (WORD | CLOSES)) !== 0 || (next & SPACE) !== 0) return at + 1;
    const sign = text[at - 1] === ' ' ? at - 2 : at - 1;
    if ((text[sign] === ':' || text[sign] === '=') && this.isDescriptiveKey(sign)) return at + 1;
    const word = (next & WORD) !== 0 ? readWord(text, at + 1) : undefined;
    if (word !== undefined && text[word.end] === ' ' && isIn(METHODS, text, word)) return at + 1;
    if (at < this.unclosedUntil) return at + 1;
    const close = closingQuote(text, at);
    if (close < 0) {
      this.unclosedUntil = at + MAX_SPAN_LENGTH;
      return at + 1;
    }
    const isName = word !== undefined && placeholderOf(text, word) === undefined;
    if (!isName || !(word.end === close || text.slice(word.end, close) === '()'))
      return this.put(at, close + 1, '<value>');
    this.key = word;
    // In JSON `:` has the role of `=`.
    return text[close + 1] !== ':' || isIn(DESCRIPTIVE_KEYS, text, word) ? close + 1 : this.value(close + 2, false);
  }
}
