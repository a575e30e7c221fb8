/** A value that YAML and JSON share, as far as a manifest needs it. */
type Value = string | boolean | readonly string[] | { readonly [key: string]: Value };

/** An object as YAML, one field a line. Texts that could mean something else are quoted. */
export function yamlOf(object: object): string {
  return linesOf(object as { readonly [key: string]: Value }, '')
    .map((line) => `${line}\n`)
    .join('');
}

function linesOf(object: { readonly [key: string]: Value }, indent: string): readonly string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    if (Array.isArray(value)) return [`${indent}${key}:`, ...value.map((item) => `${indent}  - ${scalar(item)}`)];
    if (typeof value !== 'object') return [`${indent}${key}: ${scalar(value)}`];
    return [`${indent}${key}:`, ...linesOf(value as { readonly [key: string]: Value }, `${indent}  `)];
  });
}

/** A JSON string is a YAML string. A colon inside a word, as scopes have it, is no sign of anything. */
function scalar(value: string | boolean): string {
  if (typeof value === 'boolean') return String(value);
  const isPlain = /^[a-z][\w.-]*(?::[\w.-]+)*$/i.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}
