import type { HrTime } from '@opentelemetry/api';
import { guarded } from '../util/index.js';
import { Attributes, type ExceptionView, textOr } from './attributes.js';
import { CopiedText, type Copy, copyValue, readEntry } from './copy-value.js';
import { SAMPLE_LIMITS } from './limits.js';
import type { ReadableLogRecord } from './otel.js';
import { firstNames, ReadingTime, readField } from './read-field.js';
import { type ResourceView, readResource } from './read-resource.js';
import { effectiveSeverity, MAX_SEVERITY_NUMBER } from './severity.js';
import { textOfCopy } from './stringify.js';

/**
 * A record as the stages read it. Each field was read once and guarded, and has one type, whatever the app set. No later
 * stage reads the app's objects again. Texts are not cut yet; `toSample` redacts and cuts them.
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
  /** The field of a structured body that contains the message. */
  readonly messageKey: string | undefined;
  /** A copy of a structured body without a message field. */
  readonly structuredBody: Copy;
  /** The first field names of a structured body, sorted. */
  readonly bodyKeys: readonly string[] | undefined;
  /** The names in {@link bodyKeys}. They tell problems apart; the values differ from record to record. */
  readonly bodyShape: string | undefined;
  readonly attributes: Attributes;
  /** The fingerprint that the app sets with the attribute `slack.fingerprint`. */
  readonly givenFingerprint: string | undefined;
  readonly resource: ResourceView;
  readonly scopeName: string;
  readonly scopeVersion: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/**
 * Reads a record. Never throws: a field that cannot be read is absent.
 * @param time - bounds the time that getters of the app take
 */
export function readRecord(record: ReadableLogRecord, time: ReadingTime = new ReadingTime()): RecordView {
  const attributes = new Attributes(readField(record, 'attributes'), time);
  const span = readField(record, 'spanContext');
  const scope = readField(record, 'instrumentationScope');
  const severityText = textOr(readField(record, 'severityText'));
  const { message, messageKey, structuredBody, bodyKeys, bodyShape } = readBody(readField(record, 'body'), time);
  const severity = effectiveSeverity(readField(record, 'severityNumber'), severityText);
  return {
    severityNumber: Math.min(severity, MAX_SEVERITY_NUMBER),
    severityText,
    timeMillis: millisOf(readField(record, 'hrTime')) ?? millisOf(readField(record, 'hrTimeObserved')) ?? 0,
    eventName: textOr(readField(record, 'eventName')),
    exception: attributes.exception(message !== ''),
    message,
    messageKey,
    structuredBody,
    bodyKeys,
    bodyShape,
    attributes,
    givenFingerprint: attributes.fingerprint(),
    resource: readResource(readField(record, 'resource')),
    scopeName: textOr(readField(scope, 'name')) ?? '',
    scopeVersion: textOr(readField(scope, 'version')),
    traceId: hexOr(readField(span, 'traceId')),
    spanId: hexOr(readField(span, 'spanId')),
  };
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

/** The body of a record. */
type BodyView = Pick<RecordView, 'message' | 'messageKey' | 'structuredBody' | 'bodyKeys' | 'bodyShape'>;

function plainBody(message: string): BodyView {
  return { message, messageKey: undefined, structuredBody: undefined, bodyKeys: undefined, bodyShape: undefined };
}

function readBody(body: unknown, time: ReadingTime): BodyView {
  if (typeof body === 'string') return plainBody(body);
  if (body === undefined || body === null) return plainBody('');
  if (typeof body !== 'object')
    return plainBody(textOfCopy(copyValue(body, BODY_LIMITS), { maxLength: MAX_SCALAR_LENGTH }));
  return readStructuredBody(body, time);
}

/** More than the redaction reads, so that it sees that the text goes on: the name of a symbol may be long. */
const MAX_SCALAR_LENGTH = 4 * SAMPLE_LIMITS.messageText;
const BODY_LIMITS = { maxLength: SAMPLE_LIMITS.messageText, maxSize: SAMPLE_LIMITS.messageText };

/** The fields in which structured loggers put the message. */
const MESSAGE_KEYS = ['message', 'msg', 'event', 'error'] as const;

function readStructuredBody(body: object, time: ReadingTime): BodyView {
  const known = new Map<string, unknown>();
  const messageKey = guarded(() => findMessage(body, known, time));
  const message = messageKey === undefined ? undefined : textOr(known.get(messageKey));
  // The names are listed once: by the copy, or here.
  const structuredBody = message === undefined ? copyValue(body, { ...BODY_LIMITS, time, known }) : undefined;
  const bodyKeys = guarded(() => keysOf(body, structuredBody, time));
  return {
    message: message ?? textOfCopy(structuredBody, BODY_LIMITS),
    messageKey,
    structuredBody,
    bodyKeys,
    bodyShape: bodyKeys?.map((key) => key.slice(0, SAMPLE_LIMITS.attributeKey)).join(','),
  };
}

/** Returns the field that contains the message. Fields that were read are added to `known`. */
function findMessage(body: object, known: Map<string, unknown>, time: ReadingTime): string | undefined {
  if (Array.isArray(body)) return undefined;
  return MESSAGE_KEYS.find((key) => {
    const value = readEntry(body, key, time);
    known.set(key, value);
    return textOr(value) !== undefined;
  });
}

/** The number of fields that {@link RecordView.bodyKeys} names. */
const MAX_SHAPE_KEYS = 20;

function keysOf(body: object, copy: Copy, time: ReadingTime): readonly string[] | undefined {
  if (Array.isArray(body) || ArrayBuffer.isView(body)) return undefined;
  if (CopiedText.is(copy)) return [];
  const names = copy === undefined ? firstNames(body, MAX_SHAPE_KEYS, time).names : Object.keys(copy as object);
  return names.slice(0, MAX_SHAPE_KEYS).sort();
}
