import { type InputLine, MAX_LINE_BYTES } from './source.js';

/** A JSON document of the input, or the reason why it cannot be read. `line` is its first line. */
export type Document =
  | { readonly line: number; readonly value: unknown; readonly length: number }
  | { readonly line: number; readonly problem: string };

const MEBIBYTE = 1_048_576;
/** The longest document over several lines, in characters. */
const MAX_CHARACTERS = 64 * MEBIBYTE;
/** The most memory that a document may take when it is parsed, in bytes. */
const MAX_PARSED_BYTES = 768 * MEBIBYTE;

/**
 * Reads the JSON documents: one a line, as the Collector's file exporter writes them, or one over several lines. A
 * document that cannot be read is reported, and reading continues with the next one.
 */
export async function* readDocuments(lines: AsyncIterable<InputLine>): AsyncGenerator<Document> {
  const reader = new DocumentReader();
  for await (const line of lines) yield* reader.read(line);
  yield* reader.end();
}

class DocumentReader {
  #open: OpenDocument | undefined;
  /** The documents of an array are read on their own, so that a large one takes no more memory. */
  #isInArray = false;

  *read(line: InputLine): Generator<Document> {
    const { number, text } = line;
    if (beginsDocument(text)) {
      if (this.#open?.isEmptyArray) this.#isInArray = true;
      else yield* this.end();
      this.#open = new OpenDocument(number, text ?? '');
    } else if (this.#open !== undefined) yield* this.#continue(this.#open, line);
    else if (text === undefined) yield tooLong(number);
    else if (this.#isInArray && text.trim() === ']') this.#isInArray = false;
    else if (text.trim() !== '') yield parse(number, text);
  }

  /** Ends a document that is still open. */
  *end(): Generator<Document> {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) yield* open.close();
  }

  *#continue(open: OpenDocument, line: InputLine): Generator<Document> {
    // One document in each line of an array; or the open one was cut off, and the next one follows.
    const whole = wholeDocument(line);
    if (whole !== undefined) {
      open.hasOthers = true;
      yield whole;
      return;
    }
    open.add(line.text);
    if (open.isEnd(line.text)) yield* this.end();
  }
}

/** A line with nothing but an opening bracket. Inside of a document, such a line is indented. */
function beginsDocument(text = ''): boolean {
  return /^\ufeff?[[{]\s*$/.test(text);
}

function wholeDocument({ number, text = '' }: InputLine): Document | undefined {
  if (!/^\ufeff?\s*\{\s*"resourceLogs"\s*:.*\}\s*,?\s*$/s.test(text)) return undefined;
  const document = parse(number, text.replace(/,\s*$/, ''));
  return 'value' in document ? document : undefined;
}

function tooLong(line: number): Document {
  return { line, problem: `longer than ${MAX_LINE_BYTES / MEBIBYTE} MiB` };
}

/** A document over several lines. It ends at a line with nothing but the closing bracket. */
class OpenDocument {
  /** Documents between its lines were read on their own. */
  hasOthers = false;
  readonly #line: number;
  readonly #end: string;
  #lines: string[];
  #length = 0;

  constructor(line: number, text: string) {
    this.#line = line;
    this.#end = text.includes('{') ? '}' : ']';
    this.#lines = [text];
  }

  get isEmptyArray(): boolean {
    return this.#end === ']' && this.#lines.length === 1 && !this.hasOthers;
  }

  add(text: string | undefined): void {
    this.#length += text?.length ?? MAX_CHARACTERS;
    if (this.#length >= MAX_CHARACTERS) this.#lines = [];
    else this.#lines.push(text ?? '');
  }

  isEnd(text: string | undefined): boolean {
    return text?.replace(/,?\s*$/, '') === this.#end;
  }

  *close(): Generator<Document> {
    const text = this.#lines.join('\n').replace(/,\s*$/, '');
    // Nothing is left of an array whose documents were read on their own.
    if (this.hasOthers && /^\ufeff?\[\s*\]\s*$/.test(text)) return;
    if (this.#length < MAX_CHARACTERS) yield parse(this.#line, text);
    else {
      const problem = `a document of more than ${MAX_CHARACTERS / MEBIBYTE} MiB; write one document a line with jq -c`;
      yield { line: this.#line, problem };
    }
  }
}

/** The engine's error message is not used: it quotes the text, which may contain a secret. */
function parse(line: number, text: string): Document {
  if (parsedBytes(text) > MAX_PARSED_BYTES) {
    return { line, problem: `would take more than ${MAX_PARSED_BYTES / MEBIBYTE} MiB of memory` };
  }
  try {
    return { line, value: JSON.parse(text.replace(/^\ufeff/, '')), length: text.length };
  } catch {
    return { line, problem: problemOf(text) };
  }
}

function problemOf(text: string): string {
  if (text.includes('\0')) return 'NUL bytes: the file is damaged, or its encoding is not UTF-8';
  return text.trimStart().startsWith('{') ? 'JSON that is damaged or cut off' : 'not JSON';
}

/** Shorter texts take little memory, whatever is in them. */
const SHORT_TEXT = MEBIBYTE;
/** The memory of an object, an array, and an entry of either in V8, in bytes: at least as much as measured. */
const BRACE_BYTES = 64;
const BRACKET_BYTES = 48;
const COMMA_BYTES = 24;

/** Estimates the memory that a parsed text takes: `[{},{},…` takes twenty times as much as its text. */
function parsedBytes(text: string): number {
  if (text.length <= SHORT_TEXT) return text.length;
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x7b) bytes += BRACE_BYTES;
    else if (unit === 0x5b) bytes += BRACKET_BYTES;
    else if (unit === 0x2c) bytes += COMMA_BYTES;
  }
  return bytes;
}
