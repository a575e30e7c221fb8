import type { ReadableLogRecord, ReadableResource } from './otel.js';

/**
 * Returns the record of an error that ends the process. It is built here because no logger exports any more at that
 * time.
 */
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

/**
 * Returns OpenTelemetry's `exception.*` attributes of a thrown value, with its causes. Never throws, even if a getter
 * does.
 */
export function exceptionAttributes(error: unknown): Readonly<Record<string, unknown>> {
  try {
    if (!(error instanceof Error)) return { 'exception.message': String(error) };
    const { name, message, stack } = error;
    // When the reason of a rejection is not an error, Node wraps it in one, with its own text and stack.
    const [, reason] = WRAPPED_REASON.exec(message) ?? [];
    if (name === 'UnhandledPromiseRejection' && reason !== undefined) return { 'exception.message': reason };
    // A subclass often does not set `name`.
    const type = name === 'Error' ? (error.constructor?.name ?? name) : name;
    return { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': withCause(error, stack) };
  } catch {
    return { 'exception.type': 'Error', 'exception.message': 'an error that cannot be read' };
  }
}

/** Source: https://nodejs.org/api/errors.html#err_unhandled_rejection, and the output of Node 20 to 24. */
const WRAPPED_REASON = /The promise rejected with the reason "([\s\S]*)"\.$/;

/** Appends the stacks of the causes: `stack` does not contain them. */
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
