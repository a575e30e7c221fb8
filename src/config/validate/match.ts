import { SEVERITY_BANDS, type SeverityBand } from '../../record/index.js';
import { isGlob } from '../../util/index.js';
import type { Match, TextMatch, ValueMatch } from '../settings.js';
import { anArray, anObject, BOOLEAN, checkedField, type Fields, isObject, mapped, oneOrMore } from './objects.js';
import { type Check, checked, OptionError, pathTo } from './scalars.js';

const MAX_PATTERN_LENGTH = 500;
const MAX_PATTERNS = 100;

const PATTERN: Check<string> = {
  expected: `a string of 1 to ${MAX_PATTERN_LENGTH} characters`,
  read: (value) =>
    typeof value === 'string' && value.length >= 1 && value.length <= MAX_PATTERN_LENGTH ? value : undefined,
};

function toTextMatch(patterns: readonly string[]): TextMatch {
  return { texts: new Set(patterns.filter((text) => !isGlob(text))), globs: patterns.filter(isGlob) };
}

const TEXT_MATCH: Check<TextMatch> = mapped(
  oneOrMore(PATTERN, `an array of 1 to ${MAX_PATTERNS} of them`, MAX_PATTERNS),
  toTextMatch,
);

const SEVERITY_NAMES: readonly string[] = SEVERITY_BANDS.map(({ name }) => name);

const SEVERITY_NAME: Check<SeverityBand['name']> = {
  expected: `one of ${SEVERITY_NAMES.join(', ')}`,
  read: (value) => SEVERITY_BANDS.find(({ name }) => typeof value === 'string' && name === value.toUpperCase())?.name,
};

/** Numbers and booleans are compared as text, because a logger may write a status as `500` or as `'500'`. */
const ATTRIBUTE_VALUE: Check<string> = {
  expected: `a string of at most ${MAX_PATTERN_LENGTH} characters, a number, or true or false`,
  read(value) {
    if (typeof value === 'string') return value.length <= MAX_PATTERN_LENGTH ? value : undefined;
    return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : undefined;
  },
};

const VALUES: Check<readonly string[]> = anArray('values', ATTRIBUTE_VALUE, { min: 1, max: MAX_PATTERNS });

const VALUE_SHAPE: Fields<{ equals?: ValueMatch; oneOf?: ValueMatch; glob?: ValueMatch; exists?: ValueMatch }> = {
  equals: mapped(ATTRIBUTE_VALUE, (text) => ({ texts: new Set([text]), globs: [] })),
  oneOf: mapped(VALUES, (texts) => ({ texts: new Set(texts), globs: [] })),
  glob: mapped(PATTERN, toGlobMatch),
  exists: mapped(BOOLEAN, (exists) => ({ exists })),
};

function toGlobMatch(pattern: string): TextMatch {
  return toTextMatch([pattern]);
}

const VALUE_MATCH: Check<ValueMatch> = {
  expected: `${ATTRIBUTE_VALUE.expected}, an array of 1 to ${MAX_PATTERNS} of them, or an object with one of ${Object.keys(VALUE_SHAPE).join(', ')}`,
  read(value, path) {
    if (!isObject(value)) {
      const plain = Array.isArray(value) ? VALUES.read(value, path) : ATTRIBUTE_VALUE.read(value, path);
      return plain === undefined ? undefined : toTextMatch([plain].flat());
    }
    const given = Object.entries(value).filter(([, part]) => part !== undefined);
    const read = given.map(([key, part]) => checkedField(key, part, path, VALUE_SHAPE) as ValueMatch);
    if (read.length === 1) return read[0];
    const keys = Object.keys(VALUE_SHAPE).join(', ');
    throw new OptionError(path, `expected exactly one of ${keys}, got ${read.length === 0 ? 'none' : read.length}`);
  },
};

/** A map and not an object, because an attribute may have the key `__proto__`. */
const ATTRIBUTES: Check<ReadonlyMap<string, ValueMatch>> = {
  expected: 'an object with conditions on attributes, by their keys',
  read(value, path) {
    if (!isObject(value)) return undefined;
    const given = Object.entries(value).filter(([, match]) => match !== undefined);
    return new Map(given.map(([key, match]) => [key, checked(pathTo(path, key), match, VALUE_MATCH)]));
  },
};

/** The check of a route's `match`. An empty object matches everything, as does an absent one. */
export const MATCH: Check<Match | 'everything'> = mapped(
  anObject<Match>('an object with conditions on a record', {
    severity: mapped(
      oneOrMore(SEVERITY_NAME, 'an array of them', SEVERITY_NAMES.length),
      (severities) => new Set(severities),
    ),
    scope: TEXT_MATCH,
    service: TEXT_MATCH,
    eventName: TEXT_MATCH,
    exceptionType: TEXT_MATCH,
    attributes: ATTRIBUTES,
  }),
  (match) => (Object.keys(match).length === 0 ? 'everything' : match),
);
