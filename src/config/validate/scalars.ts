import { MAX_SEVERITY_NUMBER, SEVERITY_BANDS } from '../../record/severity.js';
import { OWN_NAMESPACE } from '../../telemetry/diagnostics.js';
import { isLoopback } from '../../util/url.js';

/**
 * What an option's value has to be: a word for what is expected, and a function that gives the value as it will be
 * used, or `undefined` when it is not that. Of a value that has parts it throws for the part that is wrong.
 */
export interface Check<T> {
  readonly expected: string;
  /** @param path - the option's name, for the errors of its parts: `routes[2].match` */
  readonly read: (value: unknown, path: string) => T | undefined;
  /** The value must not be repeated in an error. */
  readonly isSecret?: boolean;
}

/** A wrong option. The message says which, what was expected and what was got; it holds no secret. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError';
  /** The message without the name of this package, for a line that has it already. */
  readonly problem: string;
  /** The options at the top level that do not go together; the first is the one that the path leads to. */
  readonly options: readonly string[];

  /** @param others - further options at the top level with which it goes wrong */
  constructor(path: string, problem: string, others: readonly string[] = []) {
    super(`${OWN_NAMESPACE}: ${path}: ${problem}`);
    this.problem = `${path}: ${problem}`;
    this.options = [optionOf(path), ...others];
  }
}

/** The option at the top level to which a path leads. */
export function optionOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

/** Reads one option, or throws an {@link OptionError}. */
export function checked<T>(path: string, value: unknown, check: Check<T>): T {
  const read = check.read(value, path);
  if (read === undefined) throw new OptionError(path, `expected ${check.expected}, got ${described(value, check)}`);
  return read;
}

const MAX_SHOWN_LENGTH = 60;
/** A token, a webhook's path, a password in a URL: they are secret in the wrong option too. */
const SECRET = /xox[a-z]|\/services\/|:\/\/[^/]*@/i;

/** Whether a text may be repeated: in an error, a warning. */
export function isShowable(text: string): boolean {
  return !SECRET.test(text);
}

/** The path of an option's part. A name that is none is written as a text, and not at all where it may be a secret. */
export function pathTo(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  const isKnown = key.length <= MAX_SHOWN_LENGTH && isShowable(key);
  if (/^[a-z]\w*$/i.test(key) && isKnown) return path === '' ? key : `${path}.${key}`;
  return `${path}[${isKnown ? JSON.stringify(key) : `a name of ${key.length} characters`}]`;
}

function described(value: unknown, { isSecret }: Pick<Check<unknown>, 'isSecret'>): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') {
    const isShown = !isSecret && value.length <= MAX_SHOWN_LENGTH && isShowable(value);
    return isShown ? `the string ${JSON.stringify(value)}` : `a string of ${value.length} characters`;
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value);
  return `a value of type ${typeof value}`;
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, unit = ''): Check<number> {
  const range = `a whole number ${unit && `of ${unit} `}from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
  return {
    expected: range,
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined,
  };
}

/** A function. */
export function aFunction<T>(signature: string): Check<T> {
  return {
    expected: `a function ${signature}`,
    read: (value) => (typeof value === 'function' ? (value as T) : undefined),
  };
}

/** A severity's name or number, as a number. */
export const SEVERITY: Check<number> = {
  expected: `one of ${SEVERITY_BANDS.map(({ name }) => name).join(', ')}, or a number from 1 to ${MAX_SEVERITY_NUMBER}`,
  read(value, path) {
    if (typeof value === 'string') return SEVERITY_BANDS.find(({ name }) => name === value.toUpperCase())?.from;
    return wholeNumber(1, MAX_SEVERITY_NUMBER).read(value, path);
  },
};

/** Texts, none empty. */
export const TEXTS: Check<readonly string[]> = {
  expected: 'an array of non-empty strings',
  read: (value) =>
    Array.isArray(value) && value.every((text) => typeof text === 'string' && text.trim() !== '')
      ? Object.freeze(value.map((text: string) => text.trim()))
      : undefined,
};

function parseUrl(value: unknown): URL | undefined {
  // `new URL` puts its input into the error it throws; `canParse` does not.
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

function isSafe(url: URL): boolean {
  const isEncrypted = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isEncrypted && url.username === '' && url.password === '';
}

/** The URL of an incoming webhook. */
export const WEBHOOK_URL: Check<string> = {
  expected: 'the URL of an incoming webhook, https://hooks.slack.com/services/… (http only on loopback)',
  isSecret: true,
  read(value) {
    const url = parseUrl(value);
    return url && isSafe(url) && url.pathname.length > 1 ? url.href : undefined;
  },
};

/** The Web API's base URL, with a slash at the end. */
export const API_URL: Check<string> = {
  expected: 'the base URL of the Web API, such as https://slack.com/api/ (http only on loopback)',
  isSecret: true,
  read(value) {
    const url = parseUrl(value);
    if (!url || !isSafe(url) || url.search || url.hash) return undefined;
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  },
};

/** A token as Slack makes them. */
export const TOKEN: Check<string> = {
  expected: 'a bot token that begins with "xoxb-"',
  isSecret: true,
  read: (value) => (typeof value === 'string' && /^xox[a-z](\.xox[a-z])?-[\w-]+$/i.test(value) ? value : undefined),
};

/** A channel's id or name. */
export const CHANNEL: Check<string> = {
  expected: 'the id of a channel, such as "C0123ALERTS", or its name with a "#"',
  read: (value) => (typeof value === 'string' && /^(#[^\s#,]{1,80}|[A-Z0-9]{3,40})$/.test(value) ? value : undefined),
};

/** A link to a trace. */
export const TRACE_URL: Check<string> = {
  expected: 'an http(s) URL that contains {traceId}',
  read(value) {
    const url = parseUrl(value);
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
    return isWeb && (value as string).includes('{traceId}') ? (value as string) : undefined;
  },
};
