/**
 * Reads log records in OTLP's JSON encoding. No field is relied on: files are cut off, edited, and written by any program.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import type { HrTime } from '@opentelemetry/api';
import {
  effectiveSeverity,
  type InstrumentationScope,
  MAX_SEVERITY_NUMBER,
  type ReadableLogRecord,
  type ReadableResource,
} from '../../../../src/record/index.js';

type Json = { readonly [key: string]: unknown };

/** A record of the file. */
export interface FileRecord {
  /** Undefined below the minimum severity: most records are, and reading them whole would take most of the time. */
  readonly record: ReadableLogRecord | undefined;
  /** The time of the event, else of its observation, in milliseconds since 1970; undefined when the file has neither. */
  readonly timeMillis: number | undefined;
}

/** Options of {@link readRecords}. */
export interface RecordReader {
  /** 1 to 24. Only the time of a record below this severity is read. */
  readonly minSeverity: number;
  /** Is called with each record. */
  readonly take: (record: FileRecord) => void;
}

/** A field that no writer of OTLP writes. Its record is left out. */
class WrongField extends Error {}

/**
 * Calls `take` with each record of a document. Returns the first problem: of the document, or of a record that was left
 * out. Never throws.
 */
export function readRecords(document: unknown, reader: RecordReader): string | undefined {
  let problem: string | undefined;
  const report = (found: string): void => {
    problem ??= found;
  };
  for (const part of Array.isArray(document) && document.length > 0 ? document : [document]) {
    guardedRead(() => readDocument(part, reader, report), report);
  }
  return problem;
}

type Report = (problem: string) => void;

function guardedRead(read: () => void, report: Report): void {
  try {
    read();
  } catch (error) {
    // Any other error comes from a value that no check foresaw. It must not end the command either.
    report(error instanceof WrongField ? error.message : 'a value that cannot be read');
  }
}

function readDocument(document: unknown, reader: RecordReader, report: Report): void {
  if (isObject(document) && Array.isArray(document.resourceLogs)) {
    for (const part of objectsOf(document.resourceLogs, 'resourceLogs', report)) readResourceLogs(part, reader, report);
  } else report(otherDocument(document));
}

function otherDocument(document: unknown): string {
  if (!isObject(document)) return `expected {"resourceLogs": […]}, got ${kindOf(document)}`;
  if ('resourceSpans' in document) return 'expected log records, got spans';
  if ('resourceMetrics' in document) return 'expected log records, got metrics';
  return 'expected {"resourceLogs": […]}, the OTLP/JSON of log records, got another object';
}

function readResourceLogs(part: Json, reader: RecordReader, report: Report): void {
  guardedRead(() => {
    const resource: ReadableResource = {
      attributes: attributesOf(isObject(part.resource) ? part.resource.attributes : undefined),
    };
    for (const scoped of objectsOf(part.scopeLogs, 'scopeLogs', report)) {
      const from = { resource, instrumentationScope: scopeOf(scoped.scope) };
      for (const log of objectsOf(scoped.logRecords, 'logRecords', report)) {
        guardedRead(() => reader.take(readLog(log, from, reader.minSeverity)), report);
      }
    }
  }, report);
}

type Origin = Pick<ReadableLogRecord, 'resource' | 'instrumentationScope'>;

function readLog(log: Json, from: Origin, minSeverity: number): FileRecord {
  const severityNumber = severityOf(log.severityNumber);
  const isRead = effectiveSeverity(severityNumber, log.severityText) >= minSeverity;
  const time = hrTimeOf(log, 'timeUnixNano') ?? hrTimeOf(log, 'observedTimeUnixNano');
  const record = isRead ? toRecord(log, time, { ...from, severityNumber }) : undefined;
  return { record, timeMillis: time && time[0] * 1_000 + time[1] / 1_000_000 };
}

function toRecord(
  log: Json,
  time: HrTime = [0, 0],
  from: Origin & Pick<ReadableLogRecord, 'severityNumber'>,
): ReadableLogRecord {
  return {
    ...from,
    hrTime: time,
    hrTimeObserved: hrTimeOf(log, 'observedTimeUnixNano') ?? time,
    severityText: textOf(log.severityText),
    body: readAnyValue(log.body),
    eventName: textOf(log.eventName),
    spanContext: spanContextOf(log),
    attributes: attributesOf(log.attributes),
  };
}

function scopeOf(scope: unknown): InstrumentationScope {
  if (!isObject(scope)) return { name: '' };
  return { name: textOf(scope.name) ?? '', version: textOf(scope.version) };
}

function spanContextOf({ traceId, spanId, flags }: Json): ReadableLogRecord['spanContext'] {
  const isTrace = typeof traceId === 'string' && /^[0-9a-f]{32}$/i.test(traceId);
  if (!isTrace) return undefined;
  return { traceId, spanId: textOf(spanId) ?? '', traceFlags: typeof flags === 'number' ? flags & 0xff : 0 };
}

/** Nanoseconds since 1970: a string of digits, because a JSON number loses digits; 0 means unknown. */
function hrTimeOf(log: Json, field: string): HrTime | undefined {
  const nanos = log[field];
  if (nanos === undefined || nanos === null) return undefined;
  const digits = typeof nanos === 'number' && Number.isFinite(nanos) ? String(BigInt(Math.trunc(nanos))) : nanos;
  if (typeof digits !== 'string') {
    throw new WrongField(`${field}: expected nanoseconds since 1970, got ${kindOf(nanos)}`);
  }
  if (!/^[1-9]\d{0,19}$/.test(digits)) return undefined;
  return [Number(digits.slice(0, -9) || 0), Number(digits.slice(-9))];
}

/** OTLP/JSON has enumerations as numbers, but some writers use the names. */
function severityOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= MAX_SEVERITY_NUMBER) return value;
  if (typeof value !== 'string') {
    throw new WrongField(`severityNumber: expected a number from 0 to ${MAX_SEVERITY_NUMBER}, got ${kindOf(value)}`);
  }
  const [, name = '', step = '1'] = /^SEVERITY_NUMBER_([A-Z]+?)([2-4])?$/.exec(value) ?? [];
  const from = { TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, FATAL: 21 }[name];
  return from === undefined ? undefined : from + Number(step) - 1;
}

function attributesOf(list: unknown, depth = 0): Readonly<Record<string, unknown>> {
  const attributes: Record<string, unknown> = {};
  if (!Array.isArray(list)) return attributes;
  for (const entry of list) {
    if (!isObject(entry) || typeof entry.key !== 'string' || entry.key === '__proto__') continue;
    attributes[entry.key] = readAnyValue(entry.value, depth);
  }
  return attributes;
}

/** Deeper values are no logs. Reading them would need more stack than there is. */
const MAX_DEPTH = 100;

/** Reads OTLP's `AnyValue`. */
function readAnyValue(value: unknown, depth = 0): unknown {
  if (!isObject(value)) return undefined;
  if (depth > MAX_DEPTH) throw new WrongField(`a value that is nested deeper than ${MAX_DEPTH} levels`);
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('intValue' in value) return numberOf(value.intValue, 'intValue');
  if ('doubleValue' in value) return numberOf(value.doubleValue, 'doubleValue');
  if (isObject(value.arrayValue)) {
    const { values } = value.arrayValue;
    return Array.isArray(values) ? values.filter(isObject).map((entry) => readAnyValue(entry, depth + 1)) : [];
  }
  if (isObject(value.kvlistValue)) return attributesOf(value.kvlistValue.values, depth + 1);
  return typeof value.bytesValue === 'string' ? Buffer.from(value.bytesValue, 'base64') : undefined;
}

function numberOf(value: unknown, field: string): number {
  if (typeof value === 'number' || typeof value === 'string') return Number(value);
  throw new WrongField(`${field}: expected a number, got ${kindOf(value)}`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns the objects of a list. Other entries are left out, and the first of them is reported. */
function objectsOf(value: unknown, field: string, report: Report): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    report(`${field}: expected an array, got ${kindOf(value)}`);
    return [];
  }
  const wrong = value.find((entry) => !isObject(entry));
  if (wrong === undefined && value.every(isObject)) return value;
  report(`${field}: expected objects, got ${kindOf(wrong)}`);
  return value.filter(isObject);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number that is too large';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
