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
  readonly attributes: Readonly<Record<string, unknown>>;
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
  readonly attributes: ReadonlyMap<string, string>;
}

/** An error as it is kept. */
export interface SampleException extends ExceptionView {
  /** Whole lines of the stack that were too many to keep. */
  readonly missingStackLines: number;
}

/** Reads a record. Never throws: what cannot be read is absent. */
export function readRecord(record: ReadableLogRecord): RecordView {
  const attributes = guarded(() => record.attributes) ?? {};
  const span = guarded(() => record.spanContext);
  const scope = guarded(() => record.instrumentationScope);
  const severityText = stringOr(guarded(() => record.severityText));
  return {
    severityNumber: effectiveSeverity(
      guarded(() => record.severityNumber),
      severityText,
    ),
    severityText,
    timeMillis: readTime(record),
    eventName: stringOr(guarded(() => record.eventName)),
    exception: readException(attributes),
    message: readMessage(guarded(() => record.body)),
    attributes,
    resource: readResource(guarded(() => record.resource)),
    scopeName: stringOr(scope?.name) ?? '',
    scopeVersion: stringOr(scope?.version),
    traceId: hexOr(span?.traceId),
    spanId: hexOr(span?.spanId),
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
    attributes: sampleAttributes(view.attributes),
    scopeName: cleanOr(view.scopeName, nameText) ?? '',
    scopeVersion: cleanOr(view.scopeVersion, nameText),
  };
}

function toSampleException({ type, message, stack }: ExceptionView): SampleException {
  const kept = stack === undefined ? undefined : wholeLines(stack, SAMPLE_LIMITS.stackText);
  return {
    type: cleanOr(type, SAMPLE_LIMITS.nameText),
    message: cleanOr(message, SAMPLE_LIMITS.messageText),
    stack: kept === undefined ? undefined : clean(kept),
    missingStackLines: kept === stack ? 0 : lineCount(stack as string, kept?.length ?? 0),
  };
}

/** The beginning of a text, cut at the end of a line; the start of the first line if that alone is too long. */
function wholeLines(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = text.lastIndexOf('\n', maxLength);
  return copyOfStart(text, end > 0 ? end : maxLength);
}

/** No stack that a person reads is longer; counting stops there. */
const LONGEST_COUNTED = 1_000_000;

function lineCount(text: string, from: number): number {
  let lines = 0;
  const last = Math.min(text.length, LONGEST_COUNTED);
  for (let at = text.indexOf('\n', from); at >= 0 && at < last; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Runs a read that a getter of a stranger may break. */
function guarded<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
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

function readTime(record: ReadableLogRecord): number {
  const [seconds, nanos] = guarded(() => record.hrTime) ?? guarded(() => record.hrTimeObserved) ?? [0, 0];
  const millis = seconds * 1_000 + nanos / 1_000_000;
  return Number.isFinite(millis) ? millis : 0;
}

/** The fields in which structured loggers put the sentence that a person reads. */
const MESSAGE_KEYS = ['message', 'msg', 'event', 'error'] as const;

function readMessage(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  const message = guarded(() => messageField(body));
  return message ?? textOfValue(body, { maxLength: SAMPLE_LIMITS.messageText });
}

function messageField(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const fields = body as Record<string, unknown>;
  return MESSAGE_KEYS.map((key) => stringOr(fields[key])).find((text) => text !== undefined);
}

function readException(attributes: Readonly<Record<string, unknown>>): ExceptionView | undefined {
  const get = (key: string): unknown => guarded(() => attributes[key]);
  const stack = stringOr(get('exception.stacktrace'));
  const type = stringOr(get('exception.type'));
  const message = stringOr(get('exception.message'));
  if (type ?? message ?? stack) return { type, message, stack };
  return readErrorMap(get('err')) ?? readErrorMap(get('error')) ?? readStackOnly(stringOr(get('stack')));
}

/** pino's `err: { type, message, stack }`; winston and others write `name` for the type. */
function readErrorMap(value: unknown): ExceptionView | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (key: string): string | undefined => stringOr(guarded(() => (value as Record<string, unknown>)[key]));
  const exception = { type: field('type') ?? field('name'), message: field('message'), stack: field('stack') };
  return (exception.message ?? exception.stack) ? exception : undefined;
}

/** winston's `format.errors({ stack: true })` leaves a stack beside the message, whose first line names the error. */
function readStackOnly(stack: string | undefined): ExceptionView | undefined {
  if (stack === undefined || !/\n\s+at /.test(stack.slice(0, 4_096))) return undefined;
  const [, type, message] = /^(?:Uncaught )?([\w$.]{1,100}?)(?: \[\w+\])?: (.{0,2000})/.exec(stack) ?? [];
  return { type, message, stack };
}

function sampleAttributes(attributes: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const sample = new Map<string, string>();
  for (const key of firstKeys(attributes, SAMPLE_LIMITS.attributes)) {
    const text = guarded(() => textOfValue(attributes[key], { maxLength: SAMPLE_LIMITS.attributeText }));
    sample.set(clean(copyOfStart(key, SAMPLE_LIMITS.attributeKey)), clean(text ?? '[unreadable]'));
  }
  return sample;
}

/** Not `Object.keys().slice()`: of 100,000 attributes only the first few are to be looked at. */
function firstKeys(attributes: Readonly<Record<string, unknown>>, most: number): readonly string[] {
  const keys: string[] = [];
  for (const key in attributes) {
    if (keys.length === most) break;
    if (Object.hasOwn(attributes, key) && !EXCEPTION_KEYS.has(key)) keys.push(key);
  }
  return keys;
}

/** Shown as the exception already, and too long to keep twice. */
const EXCEPTION_KEYS: ReadonlySet<string> = new Set([
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'err',
  'stack',
]);
