import type { Redactor } from '../redact/index.js';
import { clean, startOf } from '../util/index.js';

/**
 * The number of characters that are read beyond a cut, because the pattern of a secret may need the text after the cut.
 */
export const READ_BEYOND_CUT = 512;

/** A cut text without secrets. */
export interface CutText {
  readonly text: string;
  /** The number of characters that were cut off. */
  readonly missing: number;
}

/**
 * Returns the beginning of a text as a clean, redacted copy. Texts of a record are cut only here, because a cut in front
 * of the redaction would leave the beginning of a secret that no pattern recognizes.
 */
export function redactAndCut(text: string, maxLength: number, redactor: Redactor): CutText {
  const { shown, safeLength, unread } = redactStart(text, maxLength, redactor);
  const kept = copyOfStart(shown, safeLength);
  return { text: kept, missing: unread + shown.length - kept.length };
}

/** Returns the text of {@link redactAndCut} alone. */
export function redactedStart(text: string, maxLength: number, redactor: Redactor): string {
  return redactAndCut(text, maxLength, redactor).text;
}

/** The part of a text that was read, without secrets. */
export interface RedactedText {
  readonly shown: string;
  /** The length of the beginning of `shown` in which no secret is torn. At most the length that was asked for. */
  readonly safeLength: number;
  /** The number of characters that were not read. Counted without those that follow invisible ones. */
  readonly unread: number;
}

/** Redacts the beginning of a text, and {@link READ_BEYOND_CUT} characters after it. */
export function redactStart(text: string, maxLength: number, redactor: Redactor): RedactedText {
  const { read, unread } = readStart(text, maxLength + READ_BEYOND_CUT);
  const shown = redactor.text(read);
  // A secret at the end of the read part may be torn. Redaction shortens a text, so the cut is counted from its end too.
  const unsafe = unread === 0 ? 0 : Math.min(READ_BEYOND_CUT, commonEndLength(read, shown));
  return { shown, safeLength: Math.min(maxLength, shown.length - unsafe), unread };
}

/** Returns a clean beginning of at most `length` characters, and the number of characters that follow it. */
function readStart(text: string, length: number): { readonly read: string; readonly unread: number } {
  let start = startOf(text, length);
  let read = clean(start);
  if (read.length < length && start.length < text.length) {
    // Invisible characters, such as those that color a text, were removed.
    start = startOf(text, 2 * length);
    read = startOf(clean(start), length);
  }
  return { read, unread: text.length - start.length };
}

/** Returns the length of the longest text with which both texts end. */
function commonEndLength(one: string, other: string): number {
  if (one === other) return one.length;
  let length = 0;
  while (length < other.length && one.at(-1 - length) === other.at(-1 - length)) length++;
  return length;
}

/** V8 copies a shorter string instead of slicing it. */
const MIN_SLICE_LENGTH = 13;

/**
 * Returns a well-formed copy of the beginning of a string. A slice would keep the whole original string in memory. A text
 * of a record must be redacted before.
 */
export function copyOfStart(text: string, maxLength: number): string {
  const start = startOf(text, maxLength);
  return start.length < MIN_SLICE_LENGTH ? start.toWellFormed() : Buffer.from(start, 'utf8').toString('utf8');
}
