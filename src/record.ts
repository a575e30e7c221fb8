import type { HrTime } from '@opentelemetry/api';
import { SAMPLE_LIMITS } from './limits.js';
import type { ReadableLogRecord } from './otel.js';
import { type ResourceView, readResource } from './resource.js';
import { effectiveSeverity } from './severity.js';
import { clean } from './text.js';
import { copyOfStart, textOfValue } from './value-text.js';

/**
 * What the stages read of a record: each field read once, guarded, and of one type, whatever the app put there. Texts
 * are as long as the app made them; {@link toSample} cuts.
 */
export interface RecordView {
  /** 0 to 24. */
  readonly severityNumber: number;
  readonly severityText: string | undefined;
  /** When it happened, or when it was seen: milliseconds since 1970. */
  readonly timeMillis: number;
  readonly eventName: string | undefined;
  readonly exception: ExceptionView | undefined;
  /** The body, or the message field of a structured body, as text. */
  readonly message: string;
  /** The names of a structured body's fields; what is in them differs from record to record. */
  readonly bodyShape: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The app's own word on what problem it is about: the attribute `slack.fingerprint`. */
  readonly givenFingerprint: string | undefined;
  readonly resource: ResourceView;
  readonly scopeName: string;
  readonly scopeVersion: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** An error as it arrived: `exception.*`, pino's `err`, or winston's `error` and `stack`. */
export interface ExceptionView {
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly stack: string | undefined;
}

/** One record as it is kept until it is shown: a copy, cut and cleaned, that holds on to nothing of the app's. */
export interface Sample extends Omit<RecordView, 'attributes' | 'exception'> {
  readonly exception: SampleException | undefined;
  /** Characters of the message that were too many to keep. */
  readonly missingMessage: number;
  readonly attributes: ReadonlyMap<string, string>;
}

/** An error as it is kept. */
export interface SampleException extends ExceptionView {
  /** Characters of the message that were too many to keep. */
  readonly missingMessage: number;
  /** Whole lines of the stack that were too many to keep. */
  readonly missingStackLines: number;
}

/** Reads a record. Never throws: what cannot be read is absent. */
export function readRecord(record: ReadableLogRecord): RecordView {
  const attributes = fieldOf(record, 'attributes') ?? {};
  const span = fieldOf(record, 'spanContext');
  const scope = fieldOf(record, 'instrumentationScope');
  const severityText = stringOr(fieldOf(record, 'severityText'));
  const body = fieldOf(record, 'body');
  return {
    severityNumber: effectiveSeverity(fieldOf(record, 'severityNumber'), severityText),
    severityText,
    timeMillis: millisOf(fieldOf(record, 'hrTime')) ?? millisOf(fieldOf(record, 'hrTimeObserved')) ?? 0,
    eventName: textOf(record, 'eventName'),
    exception: readException(attributes),
    message: readMessage(body),
    bodyShape: readShape(body),
    attributes,
    givenFingerprint: textOf(attributes, FINGERPRINT_KEY),
    resource: readResource(fieldOf(record, 'resource')),
    scopeName: textOf(scope, 'name') ?? '',
    scopeVersion: textOf(scope, 'version'),
    traceId: hexOr(fieldOf(span, 'traceId')),
    spanId: hexOr(fieldOf(span, 'spanId')),
  };
}

/** The copy of a record that a group keeps. */
export function toSample(view: RecordView): Sample {
  const { nameText, messageText } = SAMPLE_LIMITS;
  return {
    ...view,
    severityText: cleanOr(view.severityText, nameText),
    eventName: cleanOr(view.eventName, nameText),
    exception: view.exception && toSampleException(view.exception),
    message: cleanOr(view.message, messageText) ?? '',
    missingMessage: Math.max(0, view.message.length - messageText),
    attributes: sampleAttributes(view.attributes),
    givenFingerprint: cleanOr(view.givenFingerprint, nameText),
    scopeName: cleanOr(view.scopeName, nameText) ?? '',
    scopeVersion: cleanOr(view.scopeVersion, nameText),
  };
}

function toSampleException({ type, message, stack }: ExceptionView): SampleException {
  const whole = stack === undefined ? undefined : withShortTitle(stack);
  const kept = whole === undefined ? undefined : wholeLines(whole, SAMPLE_LIMITS.stackText);
  return {
    type: cleanOr(type, SAMPLE_LIMITS.nameText),
    message: cleanOr(message, SAMPLE_LIMITS.messageText),
    missingMessage: Math.max(0, (message ?? '').length - SAMPLE_LIMITS.messageText),
    stack: kept === undefined ? undefined : clean(kept),
    missingStackLines: whole === undefined ? 0 : lineCount(whole, kept?.length ?? 0),
  };
}

/** A stack begins with the message. A long one, which is kept elsewhere, must not take the room of the frames. */
function withShortTitle(stack: string): string {
  const frames = stack.slice(0, LONGEST_COUNTED).indexOf('\n    at ');
  if (frames <= SAMPLE_LIMITS.messageText) return stack;
  return copyOfStart(stack.slice(0, frames).split('\n', 1)[0] ?? '', SAMPLE_LIMITS.nameText) + stack.slice(frames);
}

/** The beginning of a text, cut at the end of a line; the start of the first line if that alone is too long. */
function wholeLines(text: string, maxLength: number): string {
  const end = text.length <= maxLength ? text.length : text.lastIndexOf('\n', maxLength);
  return copyOfStart(text, end > 0 ? end : maxLength);
}

/** No stack that a person reads is longer, in characters and in lines; counting stops there. */
const LONGEST_COUNTED = 1_000_000;
const MOST_LINES_COUNTED = 100_000;

function lineCount(text: string, from: number): number {
  let lines = 0;
  // A line end at the very end begins no line.
  const last = Math.min(text.length - 1, LONGEST_COUNTED);
  for (let at = text.indexOf('\n', from); at >= 0 && at < last; at = text.indexOf('\n', at + 1)) {
    if (++lines === MOST_LINES_COUNTED) break;
  }
  return lines;
}

/** The attribute by which a record names its problem itself. */
export const FINGERPRINT_KEY = 'slack.fingerprint';

/** The attributes in which an exception may stand. */
export const EXCEPTION_SOURCE_KEYS: readonly string[] = [
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'err',
  'error',
  'stack',
];

/** Runs a read that a getter of a stranger may break. */
function guarded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A field that a getter of a stranger may stand behind. Without a closure, which would cost more than the read. */
function fieldOf<T extends object, K extends keyof T>(owner: T | undefined, key: K): T[K] | undefined {
  try {
    return owner?.[key];
  } catch {
    return undefined;
  }
}

function textOf<T extends object>(owner: T | undefined, key: keyof T): string | undefined {
  return stringOr(fieldOf(owner, key));
}

function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function hexOr(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{1,32}$/i.test(value) ? value : undefined;
}

function cleanOr(text: string | undefined, maxLength: number): string | undefined {
  return text === undefined ? undefined : clean(copyOfStart(text, maxLength));
}

/** The farthest from 1970 that a `Date` reaches, in milliseconds: beyond it a time cannot be written. */
const FARTHEST_MILLIS = 8.64e15;

function millisOf(time: HrTime | undefined): number | undefined {
  if (time === undefined) return undefined;
  try {
    const [seconds, nanos] = time;
    const millis = seconds * 1_000 + nanos / 1_000_000;
    return Math.abs(millis) <= FARTHEST_MILLIS ? millis : undefined;
  } catch {
    return undefined;
  }
}

/** The fields in which structured loggers put the sentence that a person reads. */
const MESSAGE_KEYS = ['message', 'msg', 'event', 'error'] as const;

function readMessage(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  const message = guarded(() => messageField(body));
  return message ?? textOfValue(body, { maxLength: SAMPLE_LIMITS.messageText });
}

/** How many fields tell one structured body from another. */
const MOST_SHAPE_KEYS = 20;

function readShape(body: unknown): string | undefined {
  return typeof body === 'object' ? guarded(() => shapeOf(body)) : undefined;
}

function shapeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || ArrayBuffer.isView(body)) return undefined;
  return firstKeys(body as Readonly<Record<string, unknown>>, MOST_SHAPE_KEYS)
    .map((key) => key.slice(0, SAMPLE_LIMITS.attributeKey))
    .sort()
    .join(',');
}

function messageField(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const fields = body as Record<string, unknown>;
  return MESSAGE_KEYS.map((key) => stringOr(fields[key])).find((text) => text !== undefined);
}

function readException(attributes: Readonly<Record<string, unknown>>): ExceptionView | undefined {
  const stack = textOf(attributes, 'exception.stacktrace');
  const type = textOf(attributes, 'exception.type');
  const message = textOf(attributes, 'exception.message');
  if (type ?? message ?? stack) return { type, message, stack };
  return (
    readErrorMap(fieldOf(attributes, 'err')) ??
    readErrorMap(fieldOf(attributes, 'error')) ??
    readStackOnly(textOf(attributes, 'stack'))
  );
}

/** pino's `err: { type, message, stack }`; winston and others write `name` for the type. */
function readErrorMap(value: unknown): ExceptionView | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const type = textOf(fields, 'type') ?? textOf(fields, 'name');
  const exception = { type, message: textOf(fields, 'message'), stack: textOf(fields, 'stack') };
  return (exception.message ?? exception.stack) ? exception : undefined;
}

/** winston's `format.errors({ stack: true })` leaves a stack beside the message, whose first line names the error. */
function readStackOnly(stack: string | undefined): ExceptionView | undefined {
  const start = stack?.slice(0, 4_096);
  if (start === undefined || !/\n[ \t]{1,20}at /.test(start)) return undefined;
  const [, type, message] = /^(?:Uncaught )?([\w$.]{1,100}?)(?: \[\w{1,60}\])?: (.{0,2000})/.exec(start) ?? [];
  return { type, message, stack };
}

function sampleAttributes(attributes: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const sample = new Map<string, string>();
  for (const key of firstKeys(attributes, SAMPLE_LIMITS.attributes)) {
    const text = attributeText(attributes, key);
    if (text !== undefined) sample.set(clean(copyOfStart(key, SAMPLE_LIMITS.attributeKey)), clean(text));
  }
  return sample;
}

function attributeText(attributes: Readonly<Record<string, unknown>>, key: string): string | undefined {
  try {
    const value = attributes[key];
    if (value === undefined || value === null || isToldAsException(key, value)) return undefined;
    return textOfValue(value, { maxLength: SAMPLE_LIMITS.attributeText });
  } catch {
    return '[unreadable]';
  }
}

/** Not `Object.keys().slice()`: of 100,000 attributes only the first few are to be looked at. */
function firstKeys(attributes: Readonly<Record<string, unknown>>, most: number): readonly string[] {
  const keys: string[] = [];
  guarded(() => {
    for (const key in attributes) {
      if (keys.length === most) break;
      if (Object.hasOwn(attributes, key)) keys.push(key);
    }
  });
  return keys;
}

const EXCEPTION_KEYS: ReadonlySet<string> = new Set(['exception.type', 'exception.message', 'exception.stacktrace']);

/** Shown as the exception already, and too long to keep twice. A text in `err`, say, is an attribute like any other. */
function isToldAsException(key: string, value: unknown): boolean {
  if (key === 'err' || key === 'error') return readErrorMap(value) !== undefined;
  if (key === 'stack') return readStackOnly(stringOr(value)) !== undefined;
  return EXCEPTION_KEYS.has(key);
}
