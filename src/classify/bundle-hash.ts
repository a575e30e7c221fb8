import { randomness } from './random-text.js';

/**
 * Removes the hash that a bundler puts into the name of a file. A hash is told by its position (at the end of the name,
 * or all of it), its length, its alphabet, and by how unlikely it is a word.
 */

/** The extension that Turbopack puts before `.js`. */
const PART_OF_CHUNK = '._';
/** Rollup's and Vite's hash: eight characters of base64url behind a dash, so that dashes may be in it. */
const ROLLUP_LENGTH = 8;
const BASE64URL = /^[\w-]+$/;
/** A hash without any of these would be a word. */
const MAY_HAVE_HASH = /\d|[A-Z]|^[a-f]+$|[._~-][a-f]+$/;
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
  if (!MAY_HAVE_HASH.test(name)) return name;
  const whole = name.endsWith(PART_OF_CHUNK) ? name.slice(0, -PART_OF_CHUNK.length) : name;
  const dash = whole.length - ROLLUP_LENGTH - 1;
  if (dash > 0 && whole[dash] === '-' && isRollupHash(whole.slice(dash + 1))) return whole.slice(0, dash);
  const last = lastPartStart(whole);
  if (last === 0) return isHash(whole, MIN_LENGTH) ? '' : whole;
  return isHash(whole.slice(last), MIN_LENGTH_WITH_DIGIT) ? withoutSeparator(whole, last) : whole;
}

/** Returns where the letters and digits at the end of a name begin. */
function lastPartStart(name: string): number {
  let at = name.length;
  while (at > 0 && isAlphanumeric(name.charCodeAt(at - 1))) at--;
  return at;
}

function isAlphanumeric(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
}

function withoutSeparator(name: string, end: number): string {
  const isDouble = name[end - 1] === '_' && name[end - 2] === '_';
  return name.slice(0, end - (isDouble ? 2 : 1));
}

function isHash(part: string, minLengthWithDigit: number): boolean {
  const hasDigit = /\d/.test(part);
  if (HEX.test(part)) return part.length >= (hasDigit ? MIN_HEX_LENGTH : MIN_HEX_LETTERS) && !NUMBER.test(part);
  if (part.length < (hasDigit ? minLengthWithDigit : MIN_LENGTH)) return false;
  return ESBUILD.test(part) || (hasTwoKinds(part) && randomness(part) > 0);
}

/** Whether the eight characters behind a dash are no word. Only their place makes so short a text a hash. */
function isRollupHash(part: string): boolean {
  return BASE64URL.test(part) && hasTwoKinds(part) && randomness(part) > -1;
}

/** Whether upper and lower case, or letters and digits, are mixed as in no word: `Settings` and `checkout` are words. */
function hasTwoKinds(part: string): boolean {
  return /\d/.test(part) ? /[A-Za-z]/.test(part) : /[A-Z]/.test(part.slice(1)) && /[a-z]/.test(part);
}
