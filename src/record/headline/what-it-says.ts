import { guarded } from '../../util/index.js';

/**
 * Finds the part of a message that says what happened: behind a code frame (Prisma), in JSON (Zod), behind a statement of
 * SQL (Knex).
 */

/** A line of a code frame: `→ 12 await …`, `> 12 | …`, `  12 | …`, `  12 await …`, `    ^^^^`. */
const CODE_FRAME = /^(?:\s*(?:→|>|❯)\s*\d{1,6}\b|\s*\d{1,6} ?\||\s+\d{1,6} |[\s|~]*\^[\s^~]*$|\s*~{3,}\s*$)/;
/** A line that only says where: `/app/src/users.ts:12:5`, `Invalid … invocation in`. */
const ONLY_WHERE = /^\s*(?:(?:[A-Za-z]:)?[\\/][^\s]*:\d+(?::\d+)?|at .*|Invalid .{0,200} invocation(?: in)?:?)\s*$/;
const LETTER = /\p{L}/u;

/** Returns the part of a message that says what happened; all of it when no part says more than the others. */
export function whatItSays(message: string): string {
  const start = message.trimStart()[0];
  if (start === '[' || start === '{') return fromJson(message.trim()) ?? message;
  const lines = message.split('\n');
  if (lines.some((line) => CODE_FRAME.test(line))) return behindCodeFrame(lines) ?? message;
  return behindSql(message);
}

function behindCodeFrame(lines: readonly string[]): string | undefined {
  const saying = (line: string): boolean => LETTER.test(line) && !CODE_FRAME.test(line) && !ONLY_WHERE.test(line);
  const behind = lines.slice(lines.findLastIndex((line) => CODE_FRAME.test(line)) + 1);
  const lastParagraph = behind.slice(behind.findLastIndex((line) => line.trim() === '') + 1);
  return lastParagraph.find(saying) ?? behind.find(saying) ?? lines.find(saying);
}

/** The beginning of a statement, up to the ` - ` before the error. */
const STATEMENT =
  /^\s*(?:select\s[^-]{1,2000}?\sfrom\s|insert\s+into\s|update\s+\S{1,100}\s+set\s|delete\s+from\s)[\s\S]{0,3000}? - (?=\S[^-]*$)/i;

/** Knex puts the statement before the error of the database: `select * from "a" - relation "a" does not exist`. */
function behindSql(message: string): string {
  const statement = STATEMENT.exec(message)?.[0];
  return statement === undefined ? message : message.slice(statement.length);
}

/** The fields in which JSON has a message, and those in which it has further objects. */
const MESSAGE_FIELDS = ['message', 'msg', 'error_description', 'detail', 'title', 'reason'] as const;
const NESTED_FIELDS = ['error', 'errors', 'issues', 'details', 'cause'] as const;
const MAX_DEPTH = 4;

interface Found {
  readonly message: string;
  readonly path: string;
}

function fromJson(text: string): string | undefined {
  const found = guarded(() => messageIn(JSON.parse(text), 0)) ?? fromCutJson(text);
  if (found === undefined) return undefined;
  return found.path === '' ? found.message : `${found.message} (${found.path})`;
}

function messageIn(value: unknown, depth: number): Found | undefined {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return messageIn(value[0], depth + 1);
  const fields = value as Readonly<Record<string, unknown>>;
  const message = MESSAGE_FIELDS.map((name) => fields[name]).find((field) => typeof field === 'string' && field !== '');
  if (typeof message === 'string') return { message, path: pathOf(fields.path) };
  for (const name of NESTED_FIELDS) {
    const field = fields[name];
    const found =
      typeof field === 'string' && field !== '' ? { message: field, path: '' } : messageIn(field, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pathOf(path: unknown): string {
  if (typeof path === 'string') return path;
  return Array.isArray(path) ? path.filter((part) => typeof part !== 'object').join('.') : '';
}

const FIRST_MESSAGE = /"message"\s{0,5}:\s{0,5}"((?:[^"\\]|\\.){1,500})"/;

/** A long message is cut, so that its JSON has no end. */
function fromCutJson(text: string): Found | undefined {
  const message = FIRST_MESSAGE.exec(text)?.[1];
  return message === undefined ? undefined : { message: message.replace(/\\(.)/g, '$1'), path: '' };
}
