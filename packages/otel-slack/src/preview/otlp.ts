/**
 * Reads log records in OTLP's JSON encoding. No field is relied on: files are cut off, edited, and written by any program.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import type { HrTime } from '@opentelemetry/api';
import {
  effectiveSeverity,
  type InstrumentationScope,
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

/** Calls `take` with each record of a document. Returns the problem when the document has no log records. */
export function readRecords(document: unknown, reader: RecordReader): string | undefined {
  if (Array.isArray(document) && document.length > 0) {
    return document.map((part) => readRecords(part, reader)).find((problem) => problem !== undefined);
  }
  if (!isObject(document)) return `expected {"resourceLogs": […]}, got ${kindOf(document)}`;
  if (Array.isArray(document.resourceLogs)) {
    for (const part of objectsOf(document.resourceLogs)) readResourceLogs(part, reader);
    return undefined;
  }
  const other = ['resourceSpans', 'resourceMetrics'].find((key) => key in document);
  if (other !== undefined) return `expected log records, got ${other === 'resourceSpans' ? 'spans' : 'metrics'}`;
  return 'expected {"resourceLogs": […]}, the OTLP/JSON of log records, got another object';
}

function readResourceLogs(part: Json, { minSeverity, take }: RecordReader): void {
  const attributes = attributesOf(isObject(part.resource) ? part.resource.attributes : undefined);
  const resource: ReadableResource = { attributes };
  for (const scoped of objectsOf(part.scopeLogs)) {
    const instrumentationScope = scopeOf(scoped.scope);
    for (const log of objectsOf(scoped.logRecords)) {
      const isRead = effectiveSeverity(severityOf(log.severityNumber), log.severityText) >= minSeverity;
      const time = hrTimeOf(log.timeUnixNano) ?? hrTimeOf(log.observedTimeUnixNano);
      const record = isRead ? toRecord(log, time, { resource, instrumentationScope }) : undefined;
      take({ record, timeMillis: time && time[0] * 1_000 + time[1] / 1_000_000 });
    }
  }
}

function toRecord(
  log: Json,
  time: HrTime = [0, 0],
  from: Pick<ReadableLogRecord, 'resource' | 'instrumentationScope'>,
): ReadableLogRecord {
  return {
    ...from,
    hrTime: time,
    hrTimeObserved: hrTimeOf(log.observedTimeUnixNano) ?? time,
    severityNumber: severityOf(log.severityNumber),
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
function hrTimeOf(nanos: unknown): HrTime | undefined {
  const digits = typeof nanos === 'number' ? BigInt(Math.trunc(nanos)).toString() : nanos;
  if (typeof digits !== 'string' || !/^[1-9]\d{0,19}$/.test(digits)) return undefined;
  return [Number(digits.slice(0, -9) || 0), Number(digits.slice(-9))];
}

/** OTLP/JSON has enumerations as numbers, but some writers use the names. */
function severityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const [, name = '', step = '1'] = /^SEVERITY_NUMBER_([A-Z]+?)([2-4])?$/.exec(String(value)) ?? [];
  const from = { TRACE: 1, DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17, FATAL: 21 }[name];
  return from === undefined ? undefined : from + Number(step) - 1;
}

function attributesOf(list: unknown): Readonly<Record<string, unknown>> {
  const attributes: Record<string, unknown> = {};
  for (const { key, value } of objectsOf(list)) {
    if (typeof key === 'string' && key !== '__proto__') attributes[key] = readAnyValue(value);
  }
  return attributes;
}

/** Reads OTLP's `AnyValue`. */
function readAnyValue(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('intValue' in value) return Number(value.intValue);
  if ('doubleValue' in value) return Number(value.doubleValue);
  if (isObject(value.arrayValue)) return objectsOf(value.arrayValue.values).map(readAnyValue);
  if (isObject(value.kvlistValue)) return attributesOf(value.kvlistValue.values);
  return typeof value.bytesValue === 'string' ? Buffer.from(value.bytesValue, 'base64') : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an empty array' : `a ${typeof value}`;
}
