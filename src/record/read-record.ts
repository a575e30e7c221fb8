import type { HrTime } from '@opentelemetry/api';
import { guarded } from '../util/index.js';
import { SAMPLE_LIMITS } from './limits.js';
import type { ReadableLogRecord } from './otel.js';
import { readField } from './read-field.js';
import { type ResourceView, readResource } from './read-resource.js';
import { effectiveSeverity } from './severity.js';
import { textOfValue } from './stringify.js';

/**
 * A record as the stages read it. Each field was read once and guarded, and has one type, whatever the app set. Texts
 * are not cut yet; `toSample` cuts them.
 */
export interface RecordView {
  /** 0 to 24. */
  readonly severityNumber: number;
  readonly severityText: string | undefined;
  /** When the event happened, else when it was observed, in milliseconds since 1970. */
  readonly timeMillis: number;
  readonly eventName: string | undefined;
  readonly exception: ExceptionView | undefined;
  /** The body, or the message field of a structured body, as text. */
  readonly message: string;
  /** The body, when it is not text. */
  readonly structuredBody: object | undefined;
  /** The sorted field names of a structured body. They tell problems apart; the values differ from record to record. */
  readonly bodyShape: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The fingerprint that the app sets with the attribute `slack.fingerprint`. */
  readonly givenFingerprint: string | undefined;
  readonly resource: ResourceView;
  readonly scopeName: string;
  readonly scopeVersion: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** An error in the attributes of a record: `exception.*`, pino's `err`, or winston's `error` and `stack`. */
export interface ExceptionView {
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly stack: string | undefined;
  /** The attribute that contains the error; `exception` for the separate attributes `exception.*`. */
  readonly source: 'exception' | 'err' | 'error' | 'stack';
}

/** Reads a record. Never throws: a field that cannot be read is absent. */
export function readRecord(record: ReadableLogRecord): RecordView {
  const attributes = readField(record, 'attributes') ?? {};
  const span = readField(record, 'spanContext');
  const scope = readField(record, 'instrumentationScope');
  const severityText = stringOr(readField(record, 'severityText'));
  const body = readField(record, 'body');
  const message = readMessage(body);
  const exception = readException(attributes);
  return {
    severityNumber: effectiveSeverity(readField(record, 'severityNumber'), severityText),
    severityText,
    timeMillis: millisOf(readField(record, 'hrTime')) ?? millisOf(readField(record, 'hrTimeObserved')) ?? 0,
    eventName: textOf(record, 'eventName'),
    exception: exception && (message === '' || isError(exception)) ? exception : undefined,
    message,
    structuredBody: typeof body === 'object' && body !== null ? body : undefined,
    bodyShape: readShape(body),
    attributes,
    givenFingerprint: textOf(attributes, FINGERPRINT_KEY),
    resource: readResource(readField(record, 'resource')),
    scopeName: textOf(scope, 'name') ?? '',
    scopeVersion: textOf(scope, 'version'),
    traceId: hexOr(readField(span, 'traceId')),
    spanId: hexOr(readField(span, 'spanId')),
  };
}

/** The attribute with which an app sets the fingerprint of a record. */
export const FINGERPRINT_KEY = 'slack.fingerprint';

/** The attributes that may contain an exception. */
export const EXCEPTION_SOURCE_KEYS: readonly string[] = [
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'err',
  'error',
  'stack',
];

function textOf<T extends object>(owner: T | undefined, key: keyof T): string | undefined {
  return stringOr(readField(owner, key));
}

function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function hexOr(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{1,32}$/i.test(value) ? value : undefined;
}

/** The range of a `Date`, in milliseconds before and after 1970. A later time cannot be formatted. */
const MAX_DATE_MILLIS = 8.64e15;

function millisOf(time: HrTime | undefined): number | undefined {
  if (time === undefined) return undefined;
  try {
    const [seconds, nanos] = time;
    const millis = seconds * 1_000 + nanos / 1_000_000;
    return Math.abs(millis) <= MAX_DATE_MILLIS ? millis : undefined;
  } catch {
    return undefined;
  }
}

/** The fields in which structured loggers put the message. */
const MESSAGE_KEYS = ['message', 'msg', 'event', 'error'] as const;

function readMessage(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  const message = guarded(() => messageField(body));
  return message ?? textOfValue(body, { maxLength: SAMPLE_LIMITS.messageText });
}

/** The number of fields that {@link RecordView.bodyShape} names. */
const MAX_SHAPE_KEYS = 20;

function readShape(body: unknown): string | undefined {
  return typeof body === 'object' ? guarded(() => shapeOf(body)) : undefined;
}

function shapeOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || ArrayBuffer.isView(body)) return undefined;
  return firstKeys(body as Readonly<Record<string, unknown>>, MAX_SHAPE_KEYS)
    .map((key) => key.slice(0, SAMPLE_LIMITS.attributeKey))
    .sort()
    .join(',');
}

function messageField(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const key = messageKey(body);
  return key && stringOr((body as Readonly<Record<string, unknown>>)[key]);
}

/** Returns the field of a structured body that contains the message. */
export function messageKey(body: object): string | undefined {
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
    readErrorMap(readField(attributes, 'err'), 'err') ??
    readErrorMap(readField(attributes, 'error'), 'error') ??
    readStackOnly(textOf(attributes, 'stack'))
  );
}

/**
 * Classes of errors (`TypeError`, `java.lang.IllegalStateException`, `Http2Exception`) and codes (`ECONNREFUSED`, `23505`),
 * by which an exception without a stack is known as one.
 */
const ERROR_TYPE =
  /(?:Error|Exception|Failure|Fault|Timeout|Abort|Rejection|Warning|Err|Panic)(?:\d{0,3}|s)$|^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$|^\d{1,6}$|^(?:\w+[.:\\]+)+\w+$/;

/**
 * Whether an exception is an error. Log bridges hand over any argument of a log call as an exception (`log.error('User %s
 * not found', 'bob')`): without a stack and without the class of an error it says less than the body of the record.
 */
function isError({ type, stack }: ExceptionView): boolean {
  return stack !== undefined || (type !== undefined && ERROR_TYPE.test(type.slice(0, MAX_TYPE_LENGTH)));
}

const MAX_TYPE_LENGTH = 200;

/** Reads pino's `err: { type, message, stack }`. winston and others write `name` instead of `type`. */
function readErrorMap(value: unknown, source: 'err' | 'error'): ExceptionView | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const type = textOf(fields, 'type') ?? textOf(fields, 'name');
  const exception = { type, message: textOf(fields, 'message'), stack: textOf(fields, 'stack'), source };
  return (exception.message ?? exception.stack) ? exception : undefined;
}

/** Reads the attribute `stack` of winston's `format.errors({ stack: true })`. Its first line names the error. */
function readStackOnly(stack: string | undefined): ExceptionView | undefined {
  const start = stack?.slice(0, 4_096);
  if (start === undefined || !/\n[ \t]{1,20}at /.test(start)) return undefined;
  const [, type, message] = /^(?:Uncaught )?([\w$.]{1,100}?)(?: \[\w{1,60}\])?: (.{0,2000})/.exec(start) ?? [];
  return { type, message, stack, source: 'stack' };
}

/** Returns the first `max` keys. `Object.keys().slice()` would read all keys of an object with 100,000 attributes. */
export function firstKeys(attributes: Readonly<Record<string, unknown>>, max: number): readonly string[] {
  const keys: string[] = [];
  guarded(() => {
    for (const key in attributes) {
      if (keys.length === max) break;
      if (Object.hasOwn(attributes, key)) keys.push(key);
    }
  });
  return keys;
}

const EXCEPTION_KEYS: ReadonlySet<string> = new Set(['exception.type', 'exception.message', 'exception.stacktrace']);

/**
 * Whether an attribute is part of an exception and is not kept a second time. A text in `err` is an ordinary attribute.
 */
export function isShownAsException(key: string, value: unknown): boolean {
  if (key === 'err' || key === 'error') return readErrorMap(value, key) !== undefined;
  if (key === 'stack') return readStackOnly(stringOr(value)) !== undefined;
  return EXCEPTION_KEYS.has(key);
}
