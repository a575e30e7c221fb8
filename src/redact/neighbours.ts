import { isNamedByNeighbour } from './lists.js';
import { nextFormField } from './next-lines.js';
import { REDACTED } from './secret-patterns.js';
import { closingBracket, closingQuote, matchAt, nonEmpty, plainEnd, QUOTE, type Span } from './value-span.js';

/**
 * Redacts secrets in a text whose names stand beside them: in a list, `["password", "…"]`; in a neighbouring field,
 * `{"name": "password", "value": "…"}`; above them in a form, `name="password"`.
 */

/** Whether the value of the field `key` is a secret, judged by its name. */
type IsSecret = (key: string, value: unknown) => boolean;

/** Returns the text with the values of neighbouring secret names redacted. */
export function redactNeighbours(text: string, isSecret: IsSecret): string {
  let shown = text;
  if (/["'`]\s{0,8},/.test(shown)) shown = redactEach(shown, nextListEntry, isSecret);
  if (/\b(?:values?|val|content|data|input|received|actual|v)["'\\\s]{0,4}[:=]/i.test(shown)) {
    shown = redactEach(shown, nextNamedValue, isSecret);
    shown = redactEach(shown, nextValueWithName, isSecret);
  }
  if (shown.includes('</')) shown = redactEach(shown, nextElement, isSecret);
  return shown.includes('name=') ? redactEach(shown, nextSecretField, isSecret) : shown;
}

/** A secret, or a place from which the search goes on. */
interface Found {
  readonly span: Span | undefined;
  readonly next: number;
}

type Next = (text: string, at: number, isSecret: IsSecret) => Found | undefined;

function redactEach(text: string, next: Next, isSecret: IsSecret): string {
  let out = '';
  let copied = 0;
  for (let found = next(text, 0, isSecret); found !== undefined; found = next(text, found.next, isSecret)) {
    if (found.span === undefined) continue;
    out += text.slice(copied, found.span.from) + REDACTED;
    copied = found.span.to;
  }
  return out + text.slice(copied);
}

/** A quoted entry of a list, and the beginning of the next one. */
const ENTRY =
  /(?<open>\[\s{0,8})?(?<quote>\\{0,7}["'`])(?<name>-{0,2}[\w.$-]{1,128}:?)\k<quote>\s{0,8},\s{0,40}(?=[\\"'`[{]|-?\d)/g;
const NUMBER = /-?\d{1,30}(?=\s{0,8}[,\]])/y;
const COLON = /\s{0,8}:/y;
const CLOSED = /\s{0,40},?\s{0,40}\]/y;

function nextListEntry(text: string, at: number, isSecret: IsSecret): Found | undefined {
  ENTRY.lastIndex = at;
  const found = ENTRY.exec(text);
  if (found === null) return undefined;
  const start = ENTRY.lastIndex;
  const { open, name = '' } = found.groups ?? {};
  // Most names are not secret, and then the value is not searched for.
  if (!mayName(name, isSecret)) return { span: undefined, next: start };
  const { span, end } = entryAt(text, start);
  if (span === undefined) return { span, next: start + 1 };
  // The next quoted word is the name of a field.
  if (matchAt(COLON, text, end) !== '') return { span: undefined, next: start + 1 };
  const value = text[start] === '[' || text[start] === '{' ? {} : text.slice(span.from, span.to);
  const isPair = open !== undefined && matchAt(CLOSED, text, end) !== '';
  return isNamedByNeighbour({ name, value, isPair }, isSecret) ? { span, next: end } : { span: undefined, next: start };
}

function mayName(name: string, isSecret: IsSecret): boolean {
  const key = name.replace(/:$/, '');
  return name.startsWith('-') || isSecret(key, 'x1y') || isSecret(key, '1234');
}

function entryAt(text: string, start: number): { readonly span: Span | undefined; readonly end: number } {
  const quote = matchAt(QUOTE, text, start);
  if (quote !== '') {
    const from = start + quote.length;
    const to = closingQuote(text, quote, from);
    return { span: nonEmpty({ from, to }), end: Math.min(text.length, to + quote.length) };
  }
  const isBracket = text[start] === '[' || text[start] === '{';
  const to = isBracket ? closingBracket(text, start) : start + matchAt(NUMBER, text, start).length;
  return { span: nonEmpty({ from: start, to }), end: to };
}

const NAME_FIELDS = '(?:name|key|path|param|field|property|header|label|variable|attribute|parameter|k)';
const VALUE_FIELDS = '(?:values?|val|content|data|input|received|actual|v)';
const SEPARATOR = '["\'\\\\]{0,8}\\s{0,3}[:=]\\s{0,3}';
/** A further field between the two, such as `"type": "string"`. */
const OTHER_FIELD = `["'\\\\]{0,8}[\\w-]{1,40}${SEPARATOR}(?:"[^"\\n]{0,100}"|'[^'\\n]{0,100}'|[\\w.-]{1,40})[,;\\s]{1,24}`;
/** `"name": "password", "value": `, `name: password` and in the next line `value: `. */
const NAMED_VALUE = new RegExp(
  `(?<![\\w.$-])${NAME_FIELDS}${SEPARATOR}(?:\\[\\s{0,8})?["'\\\\]{0,8}(?<name>[\\w.$-]{1,128})["'\\\\]{0,8}\\]?` +
    `[,;\\s]{1,24}(?:${OTHER_FIELD}){0,3}["'\\\\]{0,8}${VALUE_FIELDS}${SEPARATOR}(?=\\S)`,
  'gi',
);

function nextNamedValue(text: string, at: number, isSecret: IsSecret): Found | undefined {
  NAMED_VALUE.lastIndex = at;
  const found = NAMED_VALUE.exec(text);
  if (found === null) return undefined;
  const start = NAMED_VALUE.lastIndex;
  const span = isSecret(found.groups?.name ?? '', 'x1y')
    ? fieldValue(text, start, isSecret, found.groups?.name ?? '')
    : undefined;
  return { span, next: span?.to ?? start };
}

function fieldValue(text: string, start: number, isSecret: IsSecret, name: string): Span | undefined {
  const { span } = entryAt(text, start);
  const found = span ?? nonEmpty({ from: start, to: plainEnd(text, start) });
  if (found === undefined) return undefined;
  const value = text.slice(found.from, found.to);
  return isSecret(name, value) && !/^(?:missing|invalid|required|empty|undefined|null|true|false)$/i.test(value)
    ? found
    : undefined;
}

/** `"value": "…", "name": "password"` */
const VALUE_WITH_NAME = new RegExp(
  `(?<![\\w.$-])${VALUE_FIELDS}(?<end>["'\\\\]{0,8})\\s{0,3}:\\s{0,3}(?<quote>\\\\{0,7}["'])(?<value>(?:(?!\\k<quote>)[^\\n]){1,1000})\\k<quote>` +
    `\\s{0,3},\\s{0,20}["'\\\\]{0,8}${NAME_FIELDS}${SEPARATOR}["'\\\\]{0,8}(?<name>[\\w.$-]{1,128})["'\\\\]`,
  'gid',
);

function nextValueWithName(text: string, at: number, isSecret: IsSecret): Found | undefined {
  VALUE_WITH_NAME.lastIndex = at;
  const found = VALUE_WITH_NAME.exec(text);
  if (found === null) return undefined;
  const { name = '', value = '' } = found.groups ?? {};
  const [from, to] = found.indices?.groups?.value ?? [0, 0];
  return { span: isSecret(name, value) ? { from, to } : undefined, next: VALUE_WITH_NAME.lastIndex };
}

/** `<name>password</name><value>…</value>`, as in the files of Hadoop, and `<key>` and `<string>`, as in those of macOS. */
const ELEMENT =
  /<(?:name|key)>\s{0,8}(?<name>[\w.$-]{1,128})\s{0,8}<\/(?:name|key)>\s{0,40}<(?:value|string)>(?<value>[^<]{1,1000})/gi;

function nextElement(text: string, at: number, isSecret: IsSecret): Found | undefined {
  ELEMENT.lastIndex = at;
  const found = ELEMENT.exec(text);
  if (found === null) return undefined;
  const { name = '', value = '' } = found.groups ?? {};
  const to = ELEMENT.lastIndex;
  return { span: isSecret(name, value) ? { from: to - value.length, to } : undefined, next: to };
}

function nextSecretField(text: string, at: number, isSecret: IsSecret): Found | undefined {
  const field = nextFormField(text, at);
  if (field === undefined) return undefined;
  const { name, span } = field;
  const isHidden = span.to > span.from && isSecret(name, text.slice(span.from, span.to));
  return { span: isHidden ? span : undefined, next: span.to };
}
