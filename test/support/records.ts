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

/** A record as the SDK hands it over: an ERROR of the service `checkout`, with what is given instead. */
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

/** A record of an exception. */
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
