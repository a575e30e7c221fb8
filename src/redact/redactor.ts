import type { Diagnostics } from '../telemetry/diagnostics.js';
import { createGlob } from '../util/glob.js';
import { errorClassOf } from '../util/user-callback.js';
import { withoutAssigned } from './assignments.js';
import { isSecretKey } from './secret-keys.js';
import { REDACTED, SHAPES, withoutShape } from './secret-patterns.js';

/** What the options say of secrets, checked. */
export interface RedactionRules {
  /** Names, in which a `*` stands for anything and capitals do not count. */
  readonly keys: readonly string[];
  /** The same, of what stays whatever its name. */
  readonly allowKeys: readonly string[];
  readonly patterns: readonly RegExp[];
}

/** What must not be shown, and so is not kept. */
export interface Redactor {
  /** The attribute is left out altogether. */
  denies(key: string): boolean;
  /** The value of a field of that name is a secret, whatever it looks like. */
  hides(key: string, value: unknown): boolean;
  /** The text without what looks like a secret. It must be cut already: a pattern of the user's may take its time. */
  text(text: string): string;
}

/** Options of {@link createRedactor}. */
export interface RedactorOptions {
  readonly redact: RedactionRules | false;
  readonly denyAttributes: readonly string[];
}

/** Makes a {@link Redactor}. It never throws. */
export function createRedactor(
  { redact, denyAttributes }: RedactorOptions,
  diagnostics: Pick<Diagnostics, 'failed'>,
): Redactor {
  const isDenied = anyOf(denyAttributes);
  const denies = (key: string): boolean => isDenied(bounded(key));
  if (redact === false) return { denies, hides: () => false, text: (text) => text };
  const hides = keyQuestion(redact);
  const ownPatterns = redact.patterns.map((pattern) => ownPattern(pattern, diagnostics));
  return {
    denies,
    hides,
    text(text) {
      const known = SHORT_WORD.test(text) ? text : withoutAssigned(SHAPES.reduce(withoutShape, text), hides);
      return ownPatterns.reduce((rest, replace) => replace(rest), known);
    },
  };
}

/** Most values are one word, which names nothing, and no key is so short: a tenth of the time is enough for them. */
const SHORT_WORD = /^[\w./-]{0,12}$/;

function anyOf(globs: readonly string[]): (text: string) => boolean {
  const questions = globs.map(createGlob);
  return (text) => questions.some((isMeant) => isMeant(text));
}

/** No name is longer; of what claims to be one, both ends are looked at. */
const MAX_NAME_LENGTH = 256;

function bounded(name: string): string {
  return name.length <= 2 * MAX_NAME_LENGTH ? name : name.slice(0, MAX_NAME_LENGTH) + name.slice(-MAX_NAME_LENGTH);
}

function keyQuestion({ keys, allowKeys }: RedactionRules): Redactor['hides'] {
  const isOwn = anyOf(keys.map((key) => key.toLowerCase()));
  const isAllowed = anyOf(allowKeys.map((key) => key.toLowerCase()));
  return (key, value) => {
    const shown = bounded(key);
    const name = shown.toLowerCase();
    return !isAllowed(name) && (isOwn(name) || isSecretKey(shown, value));
  };
}

/** What a pattern of the user's cannot be tried on is not shown. */
function ownPattern(pattern: RegExp, diagnostics: Pick<Diagnostics, 'failed'>): (text: string) => string {
  const flags = `${pattern.flags.replace(/[gy]/g, '')}g`;
  const all = new RegExp(pattern.source, flags);
  return (text) => {
    try {
      return text.replace(all, (found) => (found === '' ? '' : REDACTED));
    } catch (error) {
      diagnostics.failed(
        'redact',
        `a pattern of redact.patterns threw ${errorClassOf(error)}; the text is not shown. Mend the redact option`,
      );
      return REDACTED;
    }
  };
}
