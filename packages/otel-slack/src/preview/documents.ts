import { type Line, MOST_LINE_BYTES } from './source.js';

/** A JSON value of the input, or why it is none; `line` is where it begins. */
export type Document =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly problem: string };

/** A document over many lines may be so long, in characters. */
const MOST_CHARACTERS = 256 * 1_048_576;

/**
 * The JSON values of the lines: one in each, as the collector's file exporter writes them, or one over many lines, as
 * people write them. What cannot be read does not keep the rest from being read.
 */
export async function* readDocuments(lines: AsyncIterable<Line>): AsyncGenerator<Document> {
  let open: OpenDocument | undefined;
  for await (const { number, text } of lines) {
    if (open !== undefined) {
      open.add(text);
      if (!open.isEnd(text)) continue;
      yield open.close();
      open = undefined;
    } else if (text === undefined) {
      yield { line: number, problem: `longer than ${MOST_LINE_BYTES / 1_048_576} MiB` };
    } else if (/^(\ufeff)?\s*[[{]\s*$/.test(text)) {
      open = new OpenDocument(number, text);
    } else if (text.trim() !== '') yield parsed(number, text);
  }
  if (open !== undefined) yield open.close();
}

/** One that goes on until the bracket that began it is closed at the beginning of a line. */
class OpenDocument {
  readonly #line: number;
  readonly #end: string;
  #lines: string[];
  #length = 0;

  constructor(line: number, text: string) {
    this.#line = line;
    this.#end = text.includes('{') ? '}' : ']';
    this.#lines = [text];
  }

  add(text: string | undefined): void {
    this.#length += text?.length ?? MOST_CHARACTERS;
    if (this.#length >= MOST_CHARACTERS) this.#lines = [];
    else this.#lines.push(text ?? '');
  }

  isEnd(text: string | undefined): boolean {
    return text?.trimEnd() === this.#end;
  }

  close(): Document {
    if (this.#length < MOST_CHARACTERS) return parsed(this.#line, this.#lines.join('\n'));
    const problem = `one document of more than ${MOST_CHARACTERS / 1_048_576} MiB; make it lines with jq -c`;
    return { line: this.#line, problem };
  }
}

/** Of the engine's message nothing is taken: it quotes the text, and a log may hold anything. */
function parsed(line: number, text: string): Document {
  try {
    return { line, value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch {
    return { line, problem: text.trimStart().startsWith('{') ? 'JSON that is damaged or cut off' : 'no JSON' };
  }
}
