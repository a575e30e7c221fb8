import { type InputLine, MAX_LINE_BYTES } from './source.js';

/** A JSON document of the input, or the reason why it cannot be read. `line` is its first line. */
export type Document =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly problem: string };

/** The longest document over several lines, in characters. */
const MAX_CHARACTERS = 256 * 1_048_576;

/**
 * Reads the JSON documents: one a line, as the Collector's file exporter writes them, or one over several lines. A
 * document that cannot be read is reported, and reading continues with the next one.
 */
export async function* readDocuments(lines: AsyncIterable<InputLine>): AsyncGenerator<Document> {
  let open: OpenDocument | undefined;
  for await (const { number, text } of lines) {
    if (open !== undefined) {
      open.add(text);
      if (!open.isEnd(text)) continue;
      yield open.close();
      open = undefined;
    } else if (text === undefined) {
      yield { line: number, problem: `longer than ${MAX_LINE_BYTES / 1_048_576} MiB` };
    } else if (/^(\ufeff)?\s*[[{]\s*$/.test(text)) {
      open = new OpenDocument(number, text);
    } else if (text.trim() !== '') yield parse(number, text);
  }
  if (open !== undefined) yield open.close();
}

/** A document over several lines. It ends at a line with nothing but the closing bracket. */
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
    this.#length += text?.length ?? MAX_CHARACTERS;
    if (this.#length >= MAX_CHARACTERS) this.#lines = [];
    else this.#lines.push(text ?? '');
  }

  isEnd(text: string | undefined): boolean {
    return text?.trimEnd() === this.#end;
  }

  close(): Document {
    if (this.#length < MAX_CHARACTERS) return parse(this.#line, this.#lines.join('\n'));
    const problem = `a document of more than ${MAX_CHARACTERS / 1_048_576} MiB; write one document a line with jq -c`;
    return { line: this.#line, problem };
  }
}

/** The engine's error message is not used: it quotes the text, which may contain a secret. */
function parse(line: number, text: string): Document {
  try {
    return { line, value: JSON.parse(text.replace(/^\ufeff/, '')) };
  } catch {
    return { line, problem: text.trimStart().startsWith('{') ? 'JSON that is damaged or cut off' : 'not JSON' };
  }
}
