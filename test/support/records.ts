import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '../../src/record/otel.js';

/** Severity numbers by name. */
export const INFO = 9;
export const WARN = 13;
export const ERROR = 17;
export const FATAL = 21;

export const RESOURCE = resourceFromAttributes({
  'service.name': 'checkout',
  'service.version': '1.4.2',
  'deployment.environment.name': 'production',
  'host.name': 'web-1',
});

const TIME_SECONDS = Date.UTC(2026, 0, 1, 12) / 1000;

/** Returns a record as the SDK exports it: an ERROR of the service `checkout`, with the given changes. */
export function record(overrides: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
  return {
    hrTime: [TIME_SECONDS, 0],
    hrTimeObserved: [TIME_SECONDS, 0],
    severityNumber: ERROR,
    severityText: 'ERROR',
    body: 'disk is full',
    attributes: {},
    resource: RESOURCE,
    instrumentationScope: { name: 'test' },
    ...overrides,
  };
}

/** Returns a record with an exception. */
export function exceptionRecord(error: Error, overrides: Partial<ReadableLogRecord> = {}): ReadableLogRecord {
  const { attributes, ...others } = overrides;
  return record({
    attributes: {
      'exception.type': error.name,
      'exception.message': error.message,
      'exception.stacktrace': error.stack ?? '',
      ...attributes,
    },
    ...others,
  });
}
