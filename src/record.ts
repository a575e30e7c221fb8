import type { HrTime } from '@opentelemetry/api';
import { SAMPLE_LIMITS } from './limits.js';
import type { ReadableLogRecord } from './otel.js';
import type { Redactor } from './redact.js';
import { type ResourceView, readResource, redactedResource } from './resource.js';
import { REDACTED } from './secret-shapes.js';
import { effectiveSeverity } from './severity.js';
import { clean } from './text.js';
import { copyOfStart, keptStart, READ_BEYOND_CUT, textOfValue } from './value-text.js';

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
  /** What the message was read from, when that is no text. */
  readonly structuredBody: object | undefined;
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
  /** The attribute in which all of it stands; `exception` when each has its own. */
  readonly source: 'exception' | 'err' | 'error' | 'stack';
}

/** One record as it is kept until it is shown: a copy, cut, cleaned and without secrets, that holds on to nothing of the app's. */
export interface Sample extends Omit<RecordView, 'attributes' | 'exception' | 'structuredBody'> {
  readonly exception: SampleException | undefined;
  /** Characters of the message that were too many to keep. */
  readonly missingMessage: number;
  readonly attributes: ReadonlyMap<string, string>;
}

/** An error as it is kept. */
export interface SampleException extends Omit<ExceptionView, 'source'> {
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
    structuredBody: typeof body === 'object' && body !== null ? body : undefined,
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

/** The copy of a record that a group keeps: the one place where secrets are taken out of it. */
export function toSample({ structuredBody, ...view }: RecordView, redactor: Redactor): Sample {
  const { nameText } = SAMPLE_LIMITS;
  const name = (text: string | undefined): string | undefined => text && keptStart(text, nameText, redactor);
  const message = sampleMessage(view.message, structuredBody, redactor);
  return {
    ...view,
    severityText: name(view.severityText),
    eventName: name(view.eventName),
    exception: view.exception && toSampleException(view.exception, redactor),
    message: message.text,
    missingMessage: message.missing,
    bodyShape: view.bodyShape && redactor.text(clean(view.bodyShape)),
    attributes: sampleAttributes(view.attributes, redactor),
    givenFingerprint: name(view.givenFingerprint),
    resource: redactedResource(view.resource, redactor),
    scopeName: name(view.scopeName) ?? '',
    scopeVersion: name(view.scopeVersion),
  };
}

/** The beginning of a text as it is kept, and how many characters were too many. */
interface Kept {
  readonly text: string;
  readonly missing: number;
}

function keptText(text: string, maxLength: number, redactor: Redactor): Kept {
  const read = copyOfStart(text, maxLength + READ_BEYOND_CUT);
  const shown = redactor.text(clean(read));
  const kept = copyOfStart(shown, maxLength);
  return { text: kept, missing: text.length - read.length + shown.length - kept.length };
}

function sampleMessage(message: string, body: object | undefined, redactor: Redactor): Kept {
  const maxLength = SAMPLE_LIMITS.messageText;
  if (body === undefined) return keptText(message, maxLength, redactor);
  const key = guarded(() => messageKey(body));
  if (key === undefined) return { text: clean(textOfValue(body, { maxLength, redactor })), missing: 0 };
  return redactor.hides(key, message) ? { text: REDACTED, missing: 0 } : keptText(message, maxLength, redactor);
}

function toSampleException(exception: ExceptionView, redactor: Redactor): SampleException | undefined {
  const field = (name: 'type' | 'message' | 'stack'): string | undefined => exceptionField(exception, name, redactor);
  const [type, message, stack] = [field('type'), field('message'), field('stack')];
  // What the attributes were denied for is not told as an exception without words either.
  if (type === undefined && message === undefined && stack === undefined) return undefined;
  const keptMessage = message === undefined ? undefined : keptText(message, SAMPLE_LIMITS.messageText, redactor);
  const keptStack = stack === undefined ? undefined : toSampleStack(stack, redactor);
  return {
    type: type && keptStart(type, SAMPLE_LIMITS.nameText, redactor),
    message: keptMessage?.text,
    missingMessage: keptMessage?.missing ?? 0,
    stack: keptStack?.text,
    missingStackLines: keptStack?.missing ?? 0,
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

/** `missing`: whole lines. */
function toSampleStack(stack: string, redactor: Redactor): Kept {
  const { stackText } = SAMPLE_LIMITS;
  const whole = withShortTitle(stack, redactor);
  const read = wholeLines(whole, stackText + READ_BEYOND_CUT);
  const shown = redactor.text(clean(read));
  const kept = wholeLines(shown, stackText);
  return { text: kept, missing: lineCount(whole, read.length) + lineCount(shown, kept.length) };
}

/** A stack begins with the message. A long one, which is kept elsewhere, must not take the room of the frames. */
function withShortTitle(stack: string, redactor: Redactor): string {
  const frames = stack.slice(0, LONGEST_COUNTED).indexOf('\n    at ');
  if (frames <= SAMPLE_LIMITS.messageText) return stack;
  const [title = ''] = stack.slice(0, frames).split('\n', 1);
  return keptStart(title, SAMPLE_LIMITS.nameText, redactor) + stack.slice(frames);
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
  if (typeof body !== 'object' || body === null) return undefined;
  const key = messageKey(body);
  return key && stringOr((body as Readonly<Record<string, unknown>>)[key]);
}

/** The field of a structured body that has the sentence. */
function messageKey(body: object): string | undefined {
  if (Array.isArray(body)) return undefined;
  const fields = body as Readonly<Record<string, unknown>>;
  return MESSAGE_KEYS.find((key) => stringOr(fields[key]) !== undefined);
}

function readException(attributes: Readonly<Record<string, unknown>>): ExceptionView | undefined {
  const stack = textOf(attributes, 'exception.stacktrace');
  const type = textOf(attributes, 'exception.type');
  const message = textOf(attributes, 'exception.message');
  if (type ?? message ?? stack) return { type, message, stack, source: 'exception' };
  return (
    readErrorMap(fieldOf(attributes, 'err'), 'err') ??
    readErrorMap(fieldOf(attributes, 'error'), 'error') ??
    readStackOnly(textOf(attributes, 'stack'))
  );
}

/** pino's `err: { type, message, stack }`; winston and others write `name` for the type. */
function readErrorMap(value: unknown, source: 'err' | 'error'): ExceptionView | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const type = textOf(fields, 'type') ?? textOf(fields, 'name');
  const exception = { type, message: textOf(fields, 'message'), stack: textOf(fields, 'stack'), source };
  return (exception.message ?? exception.stack) ? exception : undefined;
}

/** winston's `format.errors({ stack: true })` leaves a stack beside the message, whose first line names the error. */
function readStackOnly(stack: string | undefined): ExceptionView | undefined {
  const start = stack?.slice(0, 4_096);
  if (start === undefined || !/\n[ \t]{1,20}at /.test(start)) return undefined;
  const [, type, message] = /^(?:Uncaught )?([\w$.]{1,100}?)(?: \[\w{1,60}\])?: (.{0,2000})/.exec(start) ?? [];
  return { type, message, stack, source: 'stack' };
}

function sampleAttributes(
  attributes: Readonly<Record<string, unknown>>,
  redactor: Redactor,
): ReadonlyMap<string, string> {
  const { attributes: most, attributeKey } = SAMPLE_LIMITS;
  const sample = new Map<string, string>();
  for (const key of firstKeys(attributes, most)) {
    const text = redactor.denies(key) ? undefined : attributeText(attributes, key, redactor);
    if (text !== undefined) sample.set(keptStart(key, attributeKey, redactor), clean(text));
  }
  return sample;
}

function attributeText(
  attributes: Readonly<Record<string, unknown>>,
  key: string,
  redactor: Redactor,
): string | undefined {
  try {
    const value = attributes[key];
    if (value === undefined || value === null || isToldAsException(key, value)) return undefined;
    if (redactor.hides(key, value)) return REDACTED;
    return textOfValue(value, { maxLength: SAMPLE_LIMITS.attributeText, redactor });
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
  if (key === 'err' || key === 'error') return readErrorMap(value, key) !== undefined;
  if (key === 'stack') return readStackOnly(stringOr(value)) !== undefined;
  return EXCEPTION_KEYS.has(key);
}
