import type { ReadableLogRecord, ReadableResource } from './otel.js';

/** The record of an error that ends the process: built here, because no logger would bring it out any more. */
export function fatalRecord(
  error: unknown,
  origin: string,
  resource: ReadableResource,
  nowMillis: number,
): ReadableLogRecord {
  const time: [number, number] = [Math.floor(nowMillis / 1_000), Math.floor((nowMillis % 1_000) * 1_000_000)];
  const isRejection = origin === 'unhandledRejection';
  return {
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: 21,
    severityText: 'FATAL',
    body: isRejection
      ? 'The process ends: a promise was rejected and nobody handled it'
      : 'The process ends: uncaught exception',
    attributes: exceptionAttributes(error),
    resource,
    instrumentationScope: { name: origin },
  };
}

/** An error as OpenTelemetry's `exception.*`, its causes included. Anything can be thrown, and its getters may throw again. */
export function exceptionAttributes(error: unknown): Readonly<Record<string, unknown>> {
  try {
    if (!(error instanceof Error)) return { 'exception.message': String(error) };
    const { name, message, stack } = error;
    // Of what is no error Node makes one, with two lines of its own words before the reason and a stack of its own.
    const [, reason] = NO_ERROR.exec(message) ?? [];
    if (name === 'UnhandledPromiseRejection' && reason !== undefined) return { 'exception.message': reason };
    // A class of one's own often has no name of its own.
    const type = name === 'Error' ? (error.constructor?.name ?? name) : name;
    return { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': withCause(error, stack) };
  } catch {
    return { 'exception.type': 'Error', 'exception.message': 'an error that cannot be read' };
  }
}

/** Source: https://nodejs.org/api/errors.html#err_unhandled_rejection, and what Node 20 to 24 write. */
const NO_ERROR = /The promise rejected with the reason "([\s\S]*)"\.$/;

/** A stack does not tell what caused the error. */
function withCause(error: Error, stack = ''): string {
  const causes: string[] = [stack];
  let cause = error.cause;
  for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth++) {
    causes.push(`[cause]: ${cause.stack ?? String(cause)}`);
    cause = cause.cause;
  }
  return causes.join('\n');
}

const MAX_CAUSES = 5;
