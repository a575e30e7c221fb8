import type { Diagnostics } from '../telemetry/index.js';
import { createGlob, errorClassOf } from '../util/index.js';
import { redactAssignments, type SecretNames } from './assignments.js';
import { redactNeighbours } from './neighbours.js';
import { isSecretKey, mayBeSecretKey } from './secret-keys.js';
import { REDACTED, redactPatternMatches, SECRET_PATTERNS } from './secret-patterns.js';

/** The option `redact` after its check. */
export interface RedactionRules {
  /** Names of fields whose values are secret. A `*` matches anything; case is ignored. */
  readonly keys: readonly string[];
  /** Names of fields whose values are not redacted because of their names. They win over `keys`. */
  readonly allowKeys: readonly string[];
  readonly patterns: readonly RegExp[];
}

/** Removes secrets before anything is kept in memory. */
export interface Redactor {
  /** Whether the attribute is left out completely. */
  denies(key: string): boolean;
  /** Whether the value of a field is a secret because of the field's name. */
  hides(key: string, value: unknown): boolean;
  /** Returns the text without secrets. The text must be cut before: a pattern of the user may be slow. */
  text(text: string): string;
}

/** Options of {@link createRedactor}. */
export interface RedactorOptions {
  readonly redact: RedactionRules | false;
  readonly denyAttributes: readonly string[];
}

/** Creates a {@link Redactor}. Its methods never throw. */
export function createRedactor(
  { redact, denyAttributes }: RedactorOptions,
  diagnostics: Pick<Diagnostics, 'failed'>,
): Redactor {
  const isDenied = anyOf(denyAttributes);
  const denies = (key: string): boolean => isDenied(bounded(key));
  if (redact === false) return { denies, hides: () => false, text: (text) => text };
  const names = createSecretNames(redact);
  const userPatterns = redact.patterns.map((pattern) => redactPattern(pattern, diagnostics));
  return {
    denies,
    hides: names.hides,
    text(text) {
      const known = SHORT_WORD.test(text)
        ? text
        : redactAssignments(redactNeighbours(SECRET_PATTERNS.reduce(redactPatternMatches, text), names.hides), names);
      return userPatterns.reduce((rest, replace) => replace(rest), known);
    },
  };
}

/**
 * Most values are one short word, which cannot contain a secret. This test takes a tenth of the time of the patterns.
 */
const SHORT_WORD = /^[\w./-]{0,12}$/;

function anyOf(globs: readonly string[]): (text: string) => boolean {
  const matchers = globs.map(createGlob);
  return (text) => matchers.some((matches) => matches(text));
}

/** Of a longer name only the beginning and the end are matched, so that matching takes bounded time. */
const MAX_NAME_LENGTH = 256;

function bounded(name: string): string {
  return name.length <= 2 * MAX_NAME_LENGTH ? name : name.slice(0, MAX_NAME_LENGTH) + name.slice(-MAX_NAME_LENGTH);
}

function createSecretNames({ keys, allowKeys }: RedactionRules): SecretNames & Pick<Redactor, 'hides'> {
  const isConfigured = anyOf(keys.map((key) => key.toLowerCase()));
  const isAllowed = anyOf(allowKeys.map((key) => key.toLowerCase()));
  return {
    mayHide: (key) => keys.length > 0 || mayBeSecretKey(key),
    hides(key, value) {
      const boundedKey = bounded(key);
      const name = boundedKey.toLowerCase();
      return !isAllowed(name) && (isConfigured(name) || isSecretKey(boundedKey, value));
    },
  };
}

/**
 * Returns a function that redacts the matches of a user's pattern. When the pattern throws, the whole text is redacted.
 */
function redactPattern(pattern: RegExp, diagnostics: Pick<Diagnostics, 'failed'>): (text: string) => string {
  const flags = `${pattern.flags.replace(/[gy]/g, '')}g`;
  const all = new RegExp(pattern.source, flags);
  return (text) => {
    try {
      return text.replace(all, (found) => (found === '' ? '' : REDACTED));
    } catch (error) {
      diagnostics.failed(
        'redact',
        `a pattern of redact.patterns threw ${errorClassOf(error)}; the text is not shown. Fix the redact option`,
      );
      return REDACTED;
    }
  };
}
