import { randomness } from './random-text.js';

/**
 * Removes the hash that a bundler puts into the name of a file. A hash is told by its position (at the end of the name,
 * or all of it), its length, its alphabet, and by how unlikely it is a word.
 */

/** The extension that Turbopack puts before `.js`. */
const PART_OF_CHUNK = /\._$/;
/** The last part of a name, behind a separator. */
const LAST_PART = /^(.*?)(?:[.~-]|_{1,2})([A-Za-z\d]+)$/s;
/** Rollup's and Vite's hash: eight characters of base64url behind a dash, so that dashes may be in it. */
const ROLLUP = /^(.+)-([\w-]{8})$/s;
const ALPHANUMERIC = /^[A-Za-z\d]+$/;
const HEX = /^[\da-f]+$/;
/** Digits alone are a number, except for eight that are no date. */
const NUMBER = /^(?:\d{1,7}|(?:19|20)\d{6}|\d{9,})$/;
/** The fewest hexadecimal digits of a hash: with a decimal digit among them, and of letters alone. */
const MIN_HEX_LENGTH = 6;
const MIN_HEX_LETTERS = 8;
const MIN_LENGTH_WITH_DIGIT = 6;
const MIN_LENGTH = 8;
/** esbuild's hash: eight characters of base32. A name in upper case behind a separator is rare. */
const ESBUILD = /^(?=.*\d|.{8}$)[A-Z2-7]{8}$/;

/** Returns the name of a file, without its extension, without a hash. Of a name that is a hash altogether nothing is left. */
export function withoutBundleHash(name: string): string {
  const whole = name.replace(PART_OF_CHUNK, '');
  const rollup = ROLLUP.exec(whole);
  if (rollup !== null && isRollupHash(rollup[2] as string)) return rollup[1] as string;
  const last = LAST_PART.exec(whole);
  if (last !== null && isHash(last[2] as string, MIN_LENGTH_WITH_DIGIT)) return last[1] as string;
  return ALPHANUMERIC.test(whole) && isHash(whole, MIN_LENGTH) ? '' : whole;
}

function isHash(part: string, minLengthWithDigit: number): boolean {
  const hasDigit = /\d/.test(part);
  if (HEX.test(part)) return part.length >= (hasDigit ? MIN_HEX_LENGTH : MIN_HEX_LETTERS) && !NUMBER.test(part);
  if (part.length < (hasDigit ? minLengthWithDigit : MIN_LENGTH)) return false;
  return ESBUILD.test(part) || (hasTwoKinds(part) && randomness(part) > 0);
}

/** Whether the eight characters behind a dash are no word. Only their place makes so short a text a hash. */
function isRollupHash(part: string): boolean {
  return hasTwoKinds(part) && randomness(part) > -1;
}

/** Whether upper and lower case, or letters and digits, are mixed as in no word: `Settings` and `checkout` are words. */
function hasTwoKinds(part: string): boolean {
  return /\d/.test(part) ? /[A-Za-z]/.test(part) : /[A-Z]/.test(part.slice(1)) && /[a-z]/.test(part);
}
