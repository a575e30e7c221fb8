/** A line of JSON as it is printed. */
export interface JsonLine {
  readonly text: string;
  /** Of the value that stands on this line, begins or ends here; '' is all of it. */
  readonly pointer: string;
}

/** JSON with two spaces of indentation, each line with the JSON pointer (RFC 6901) of what is on it. */
export function jsonLines(value: unknown): JsonLine[] {
  return linesOf(value, { pointer: '', indent: '', before: '', after: '' });
}

interface Place {
  readonly pointer: string;
  readonly indent: string;
  /** The name of the field, and the comma. */
  readonly before: string;
  readonly after: string;
}

function linesOf(value: unknown, { pointer, indent, before, after }: Place): JsonLine[] {
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

/** Whether what a pointer points at is that line, or holds it. */
export function isAt(line: JsonLine, pointer: string): boolean {
  return line.pointer === pointer || line.pointer.startsWith(`${pointer}/`);
}
