import { REDACTED, type Redactor } from '../redact/index.js';
import { clean } from '../util/index.js';
import type { Attributes, ExceptionView } from './attributes.js';
import { type Copy, isUnread } from './copy-value.js';
import { SAMPLE_LIMITS } from './limits.js';
import type { RecordView } from './read-record.js';
import { redactedResource } from './read-resource.js';
import {
  type CutText,
  copyOfStart,
  READ_BEYOND_CUT,
  redactAndCut,
  redactedStart,
  redactStart,
} from './redacted-start.js';
import { textOfCopy } from './stringify.js';

/**
 * The copy of a record that a group keeps: cut, cleaned and redacted. It references no object and no string of the app,
 * so that it keeps none of them in memory.
 */
export interface Sample
  extends Omit<RecordView, 'attributes' | 'exception' | 'structuredBody' | 'messageKey' | 'bodyKeys'> {
  readonly exception: SampleException | undefined;
  /** The number of characters that were cut off the message. */
  readonly missingMessage: number;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The copy of an exception. */
export interface SampleException extends Omit<ExceptionView, 'source'> {
  /** The number of characters that were cut off the message. */
  readonly missingMessage: number;
  /** The number of lines that were cut off the stack. */
  readonly missingStackLines: number;
}

/** Returns the copy of a record that a group keeps. This is the only place where a record is redacted. */
export function toSample(view: RecordView, redactor: Redactor): Sample {
  const { nameText, attributeKey } = SAMPLE_LIMITS;
  const name = (text: string | undefined): string | undefined => text && redactedStart(text, nameText, redactor);
  const message = sampleMessage(view, redactor);
  // One literal is faster than a spread.
  return {
    severityNumber: view.severityNumber,
    severityText: name(view.severityText),
    timeMillis: view.timeMillis,
    eventName: name(view.eventName),
    exception: view.exception && toSampleException(view.exception, redactor),
    message: message.text,
    missingMessage: message.missing,
    bodyShape: view.bodyKeys?.map((key) => redactedStart(key, attributeKey, redactor)).join(','),
    attributes: sampleAttributes(view.attributes, redactor),
    givenFingerprint: name(view.givenFingerprint),
    resource: redactedResource(view.resource, redactor),
    scopeName: name(view.scopeName) ?? '',
    scopeVersion: name(view.scopeVersion),
    traceId: view.traceId,
    spanId: view.spanId,
  };
}

function sampleMessage({ message, messageKey, structuredBody }: RecordView, redactor: Redactor): CutText {
  const maxLength = SAMPLE_LIMITS.messageText;
  if (structuredBody !== undefined) {
    return { text: clean(textOfCopy(structuredBody, { maxLength, redactor })), missing: 0 };
  }
  const isHidden = messageKey !== undefined && redactor.hides(messageKey, message);
  return isHidden ? { text: REDACTED, missing: 0 } : redactAndCut(message, maxLength, redactor);
}

function toSampleException(exception: ExceptionView, redactor: Redactor): SampleException | undefined {
  const field = (name: 'type' | 'message' | 'stack'): string | undefined => exceptionField(exception, name, redactor);
  const [type, message, stack] = [field('type'), field('message'), field('stack')];
  // When `denyAttributes` names all attributes of the exception, no empty exception is shown either.
  if (type === undefined && message === undefined && stack === undefined) return undefined;
  const cutMessage = message === undefined ? undefined : redactAndCut(message, SAMPLE_LIMITS.messageText, redactor);
  const cutStack = stack === undefined ? undefined : toSampleStack(stack, redactor);
  return {
    type: type && redactedStart(type, SAMPLE_LIMITS.nameText, redactor),
    message: cutMessage?.text,
    missingMessage: cutMessage?.missing ?? 0,
    stack: cutStack?.text,
    missingStackLines: cutStack?.missing ?? 0,
  };
}

const FIELD_KEYS = { type: 'exception.type', message: 'exception.message', stack: 'exception.stacktrace' } as const;

function exceptionField(
  exception: ExceptionView,
  name: keyof typeof FIELD_KEYS,
  redactor: Redactor,
): string | undefined {
  const text = exception[name];
  const key = exception.source === 'exception' ? FIELD_KEYS[name] : exception.source;
  if (text === undefined || redactor.denies(key)) return undefined;
  return redactor.hides(key, text) ? REDACTED : text;
}

/** Cuts a stack at a line end. `missing` counts lines. */
function toSampleStack(stack: string, redactor: Redactor): CutText {
  const { stackText } = SAMPLE_LIMITS;
  const whole = withShortTitle(stack, redactor);
  const { shown, safeLength, unread } = redactStart(whole, stackText, redactor);
  const kept = wholeLines(shown, safeLength);
  return { text: kept, missing: lineCount(whole, whole.length - unread) + lineCount(shown, kept.length) };
}

/** Cuts a long message at the beginning of a stack, so that the frames fit. The message is kept in its own field. */
function withShortTitle(stack: string, redactor: Redactor): string {
  const frames = stack.slice(0, MAX_COUNTED_LENGTH).indexOf('\n    at ');
  if (frames <= SAMPLE_LIMITS.messageText) return stack;
  const [title = ''] = stack.slice(0, frames).split('\n', 1);
  return redactedStart(title, SAMPLE_LIMITS.nameText, redactor) + stack.slice(frames);
}

/**
 * Returns the beginning of a redacted text, cut at a line end; of the first line only a part when that line is too long.
 */
function wholeLines(text: string, maxLength: number): string {
  const end = text.length <= maxLength ? text.length : text.lastIndexOf('\n', maxLength);
  return copyOfStart(text, end > 0 ? end : maxLength);
}

/** The counting of missing lines stops at these limits, so that it takes bounded time. */
const MAX_COUNTED_LENGTH = 1_000_000;
const MAX_COUNTED_LINES = 100_000;

function lineCount(text: string, from: number): number {
  let lines = 0;
  // A newline at the very end does not begin a line.
  const last = Math.min(text.length - 1, MAX_COUNTED_LENGTH);
  for (let at = text.indexOf('\n', from); at >= 0 && at < last; at = text.indexOf('\n', at + 1)) {
    if (++lines === MAX_COUNTED_LINES) break;
  }
  return lines;
}

function sampleAttributes(attributes: Attributes, redactor: Redactor): ReadonlyMap<string, string> {
  const { attributeKey, attributesText } = SAMPLE_LIMITS;
  const sample = new Map<string, string>();
  let left: number = attributesText;
  for (const key of attributes.names()) {
    if (key.length > attributeKey) {
      if (left < SHORT_TEXT) continue;
      left -= Math.min(key.length, attributeKey + READ_BEYOND_CUT);
    }
    if (redactor.denies(key) || attributes.isShownAsException(key)) continue;
    const read = sampleAttribute(attributes.copyOf(key), key, { left, redactor });
    if (read === undefined) continue;
    left -= read.cost;
    sample.set(redactedStart(key, attributeKey, redactor), clean(read.text));
  }
  return sample;
}

/** A text of at most this length is always kept, even when the space for long texts is used up. */
const SHORT_TEXT = 100;

function isShort(value: Copy): boolean {
  return typeof value === 'object' ? value === null : typeof value !== 'string' || value.length <= SHORT_TEXT;
}

/** The text of an attribute, and the number of characters that were read for it. */
interface ReadAttribute {
  readonly text: string;
  readonly cost: number;
}

function sampleAttribute(
  value: Copy,
  key: string,
  { left, redactor }: { readonly left: number; readonly redactor: Redactor },
): ReadAttribute | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isUnread(value) && redactor.hides(key, value)) return free(REDACTED);
  if (isShort(value)) return free(textOfCopy(value, { maxLength: SHORT_TEXT, redactor }));
  if (left < SHORT_TEXT) return free('…');
  const maxLength = Math.min(left, SAMPLE_LIMITS.attributeText);
  return {
    text: textOfCopy(value, { maxLength, redactor }),
    cost: typeof value === 'string' ? Math.min(value.length, maxLength) : maxLength,
  };
}

function free(text: string): ReadAttribute {
  return { text, cost: 0 };
}
