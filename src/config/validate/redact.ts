/** Checks of the option `redact`. */

import { types } from 'node:util';
import type { RedactionRules } from '../../redact/index.js';
import { counted } from '../../util/index.js';
import type { RedactOptions } from '../options.js';
import { anArray, anObject, type Fields } from './objects.js';
import { type Check, TEXTS } from './scalars.js';

const MAX_PATTERN_LENGTH = 1_000;
const MAX_PATTERNS = 100;

/** Accepts a regular expression, or its source as a string. */
const PATTERN: Check<RegExp> = {
  expected: `a regular expression, or the source of one, of at most ${counted(MAX_PATTERN_LENGTH)} characters`,
  read(value) {
    const pattern = types.isRegExp(value) ? value : undefined;
    const source = pattern?.source ?? value;
    if (typeof source !== 'string' || source === '' || source.length > MAX_PATTERN_LENGTH) return undefined;
    try {
      return pattern ?? new RegExp(source);
    } catch {
      return undefined;
    }
  },
};

const FIELDS: Fields<RedactOptions> = {
  keys: TEXTS,
  allowKeys: TEXTS,
  patterns: anArray('patterns', PATTERN, { min: 0, max: MAX_PATTERNS }),
};

const RULES = anObject<RedactOptions>('an object with keys, allowKeys and patterns', FIELDS);

/** The check of the option `redact`. */
export const REDACT: Check<RedactionRules | false> = {
  expected: `true, false, or ${RULES.expected}`,
  read(value, path) {
    if (value === false) return false;
    const given = value === true ? {} : RULES.read(value, path);
    return given && Object.freeze({ keys: [], allowKeys: [], patterns: [], ...(given as Partial<RedactionRules>) });
  },
};
