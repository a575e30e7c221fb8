import { MAX_SEVERITY_NUMBER, SEVERITY_BANDS } from '../../record/index.js';
import { OWN_NAMESPACE } from '../../telemetry/index.js';
import { counted, isLoopback } from '../../util/index.js';

/**
 * The check of an option's value: the expectation in words, and a function that returns the value in the form in which
 * it is used, or `undefined` for a wrong value. For a wrong part of an array or an object the function throws an {@link
 * OptionError}.
 */
export interface Check<T> {
  readonly expected: string;
  /** @param path - the path of the option, for errors in its parts: `routes[2].match` */
  readonly read: (value: unknown, path: string) => T | undefined;
  /** Whether the value must not appear in an error. */
  readonly isSecret?: boolean;
}

/** A wrong option. The message has its path, the expected and the given value. It contains no secret. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError';
  /** The message without the name of this package, for a `diag` line that already has it. */
  readonly problem: string;
  /** The conflicting options at the top level. The first one is the option of the path. */
  readonly options: readonly string[];

  /** @param others - further options at the top level that conflict with this one */
  constructor(path: string, problem: string, others: readonly string[] = []) {
    super(`${OWN_NAMESPACE}: ${path}: ${problem}`);
    this.problem = `${path}: ${problem}`;
    this.options = [optionOf(path), ...others];
  }
}

/** Returns the option at the top level of a path. */
export function optionOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

/** Checks and returns one option, or throws an {@link OptionError}. */
export function checked<T>(path: string, value: unknown, check: Check<T>): T {
  const read = check.read(value, path);
  if (read === undefined) throw new OptionError(path, `expected ${check.expected}, got ${describe(value, check)}`);
  return read;
}

const MAX_SHOWN_LENGTH = 60;
/** A token, a webhook's path or a password in a URL is secret even when it is set for a wrong option. */
const SECRET = /xox[a-z]|\/services\/|:\/\/[^/]*@/i;

/** Whether a text may appear in an error or a warning. */
export function isShowable(text: string): boolean {
  return !SECRET.test(text);
}

/**
 * Returns the path of an option's part. A key that is not an identifier is quoted, or only counted if it may be a
 * secret.
 */
export function pathTo(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  const isShown = key.length <= MAX_SHOWN_LENGTH && isShowable(key);
  if (/^[a-z]\w*$/i.test(key) && isShown) return path === '' ? key : `${path}.${key}`;
  return `${path}[${isShown ? JSON.stringify(key) : `a name of ${key.length} characters`}]`;
}

function describe(value: unknown, { isSecret }: Pick<Check<unknown>, 'isSecret'>): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') {
    const isShown = !isSecret && value.length <= MAX_SHOWN_LENGTH && isShowable(value);
    return isShown ? `the string ${JSON.stringify(value)}` : `a string of ${value.length} characters`;
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value);
  return `a value of type ${typeof value}`;
}

/** Accepts a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, unit = ''): Check<number> {
  const range = `a whole number ${unit && `of ${unit} `}from ${counted(min)} to ${counted(max)}`;
  return {
    expected: range,
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined,
  };
}

/** Accepts a function. */
export function aFunction<T>(signature: string): Check<T> {
  return {
    expected: `a function ${signature}`,
    read: (value) => (typeof value === 'function' ? (value as T) : undefined),
  };
}

/** Reads the name or the number of a severity as a severity number. */
export const SEVERITY: Check<number> = {
  expected: `one of ${SEVERITY_BANDS.map(({ name }) => name).join(', ')}, or a number from 1 to ${MAX_SEVERITY_NUMBER}`,
  read(value, path) {
    if (typeof value === 'string') return SEVERITY_BANDS.find(({ name }) => name === value.toUpperCase())?.from;
    return wholeNumber(1, MAX_SEVERITY_NUMBER).read(value, path);
  },
};

/** Accepts an array of non-empty strings. Trims them. */
export const TEXTS: Check<readonly string[]> = {
  expected: 'an array of non-empty strings',
  read: (value) =>
    Array.isArray(value) && value.every((text) => typeof text === 'string' && text.trim() !== '')
      ? Object.freeze(value.map((text: string) => text.trim()))
      : undefined,
};

function parseUrl(value: unknown): URL | undefined {
  // `canParse`, because `new URL` throws an error that contains its input, which may be secret.
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

function isSafe(url: URL): boolean {
  const isEncrypted = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isEncrypted && url.username === '' && url.password === '';
}

/** Accepts the URL of an incoming webhook. */
export const WEBHOOK_URL: Check<string> = {
  expected: 'the URL of an incoming webhook, https://hooks.slack.com/services/… (http only on loopback)',
  isSecret: true,
  read(value) {
    const url = parseUrl(value);
    return url && isSafe(url) && url.pathname.length > 1 ? url.href : undefined;
  },
};

/** Accepts the base URL of the Web API. Adds a slash at the end. */
export const API_URL: Check<string> = {
  expected: 'the base URL of the Web API, such as https://slack.com/api/ (http only on loopback)',
  isSecret: true,
  read(value) {
    const url = parseUrl(value);
    if (!url || !isSafe(url) || url.search || url.hash) return undefined;
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  },
};

/** Accepts a token of Slack. */
export const TOKEN: Check<string> = {
  expected: 'a bot token that begins with "xoxb-"',
  isSecret: true,
  read: (value) => (typeof value === 'string' && /^xox[a-z](\.xox[a-z])?-[\w-]+$/i.test(value) ? value : undefined),
};

/** Accepts a channel's id or name. */
export const CHANNEL: Check<string> = {
  expected: 'the id of a channel, such as "C0123ALERTS", or its name with a "#"',
  read: (value) => (typeof value === 'string' && /^(#[^\s#,]{1,80}|[A-Z0-9]{3,40})$/.test(value) ? value : undefined),
};

/** Accepts the URL template of a link to a trace. */
export const TRACE_URL: Check<string> = {
  expected: 'an http(s) URL that contains {traceId}',
  read(value) {
    const url = parseUrl(value);
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
    return isWeb && (value as string).includes('{traceId}') ? (value as string) : undefined;
  },
};
