import { inspect } from 'node:util';
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
    if (!(error instanceof Error)) return { 'exception.type': 'UncaughtException', 'exception.message': textOf(error) };
    const { name, message, stack } = error;
    // When the reason of a rejection is not an error, Node wraps it in one, with its own text and stack.
    const [, reason] = WRAPPED_REASON.exec(message) ?? [];
    if (name === 'UnhandledPromiseRejection' && reason !== undefined) {
      return { 'exception.type': 'UnhandledRejection', 'exception.message': reason };
    }
    // A subclass often does not set `name`.
    const type = name === 'Error' ? (error.constructor?.name ?? name) : name;
    return { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': withCause(error, stack) };
  } catch {
    return { 'exception.type': 'Error', 'exception.message': 'an error that cannot be read' };
  }
}

/** Returns the message and the code of a thrown object, else the value as `util.inspect` prints it. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { message, code } = value as { readonly message?: unknown; readonly code?: unknown };
  if (typeof message !== 'string' || message === '') return inspect(value, { depth: 2 });
  return typeof code === 'string' || typeof code === 'number' ? `${message} (${code})` : message;
}

/** Source: https://nodejs.org/api/errors.html#err_unhandled_rejection, and the output of Node 20 to 24. */
const WRAPPED_REASON = /The promise rejected with the reason "([\s\S]*)"\.$/;

/** Appends the stacks of the causes, and of the errors of an `AggregateError`: `stack` does not contain them. */
function withCause(error: Error, stack = ''): string {
  const texts: string[] = [stack];
  const seen = new Set<unknown>([error]);
  let left: readonly unknown[] = causesOf(error);
  while (left.length > 0 && texts.length <= MAX_CAUSES) {
    const [cause, ...others] = left;
    left = others;
    if (seen.has(cause)) continue;
    seen.add(cause);
    texts.push(`[cause]: ${cause instanceof Error ? (cause.stack ?? String(cause)) : textOf(cause)}`);
    if (cause instanceof Error) left = [...causesOf(cause), ...others];
  }
  return texts.join('\n');
}

function causesOf(error: Error): readonly unknown[] {
  const errors: unknown = (error as Partial<AggregateError>).errors;
  const inner = Array.isArray(errors) ? errors.slice(0, MAX_CAUSES) : [];
  return error.cause === undefined ? inner : [error.cause, ...inner];
}

const MAX_CAUSES = 5;
