/** One printed line of JSON. */
export interface JsonLine {
  readonly text: string;
  /** JSON pointer of the value that is on this line, or begins or ends on it; '' for the whole document. */
  readonly pointer: string;
}

/** Prints JSON with an indentation of two spaces. Each line has the JSON pointer (RFC 6901) of its value. */
export function jsonLines(value: unknown): JsonLine[] {
  return linesOf(value, { pointer: '', indent: '', before: '', after: '' });
}

interface LineContext {
  readonly pointer: string;
  readonly indent: string;
  /** `before` is the name of the field, `after` is the comma. */
  readonly before: string;
  readonly after: string;
}

function linesOf(value: unknown, { pointer, indent, before, after }: LineContext): JsonLine[] {
  const isList = Array.isArray(value);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return [{ text: `${indent}${before}${JSON.stringify(value) ?? 'null'}${after}`, pointer }];
  }
  const entries = Object.entries(value);
  const inner = entries.flatMap(([name, entry], index) =>
    linesOf(entry, {
      pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      indent: `${indent}  `,
      before: isList ? '' : `${JSON.stringify(name)}: `,
      after: index < entries.length - 1 ? ',' : '',
    }),
  );
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  return [{ text: `${indent}${before}${open}`, pointer }, ...inner, { text: `${indent}${close}${after}`, pointer }];
}

/** Whether a line belongs to the value at a pointer. */
export function isAt(line: JsonLine, pointer: string): boolean {
  return line.pointer === pointer || line.pointer.startsWith(`${pointer}/`);
}
