/** Deeper than anything Slack takes, and shallow enough for every recursive function to survive it. */
const MAX_DEPTH = 100;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects among the items of a list; nothing when it is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A function that treats an object by its `type`. */
export function byType<T>(
  table: Readonly<Record<string, (node: JsonObject) => T>>,
  otherwise: (node: JsonObject) => T,
): (node: JsonObject) => T {
  return (node) => {
    const type = stringOf(node.type);
    return (Object.hasOwn(table, type) ? table[type] : undefined)?.(node) ?? otherwise(node);
  };
}

/** A flag as JSON (`true`) or as a form field (`'true'`, `'1'`); `undefined` when it was not given. */
export function flagOf(value: unknown): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return value === true || value === 1 || value === 'true' || value === '1';
}

/** Parses JSON text; `undefined` when it is malformed or nested absurdly deep. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

// By levels and not by recursion: `[[[[…` of a mebibyte would end the stack.
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** A JSON object as it came over the wire: nothing is known of its values. */
export type JsonObject = { readonly [key: string]: unknown };
