/** Deeper than anything that Slack accepts, and shallow enough for every recursive function here. */
const MAX_DEPTH = 100;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the objects of a list; an empty list when the value is not a list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns a function that calls the entry of `table` for the object's `type`, or `otherwise` when there is none. */
export function byType<T>(
  table: Readonly<Record<string, (node: JsonObject) => T>>,
  otherwise: (node: JsonObject) => T,
): (node: JsonObject) => T {
  return (node) => {
    const type = stringOf(node.type);
    return (Object.hasOwn(table, type) ? table[type] : undefined)?.(node) ?? otherwise(node);
  };
}

/** Reads a flag from JSON (`true`) or a form field (`'true'`, `'1'`); `undefined` when it is absent. */
export function flagOf(value: unknown): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return value === true || value === 1 || value === 'true' || value === '1';
}

/** Parses JSON text; `undefined` when it is malformed or nested too deeply. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

// Level by level, because recursion would overflow the stack on a mebibyte of `[[[[…`.
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** A JSON object from a request. The types of its values are not checked. */
export type JsonObject = { readonly [key: string]: unknown };
