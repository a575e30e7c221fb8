import { type Context, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Marks the context of our own work. A record that is emitted in it is never exported. */
const INTERNAL_KEY = createContextKey('opentelemetry-exporter-slack');

const INTERNAL_CONTEXT: Context = suppressTracing(ROOT_CONTEXT).setValue(INTERNAL_KEY, true);

/** Runs our own work outside of any trace: tracing is suppressed, and the active span is never its parent. */
export function runInternal<T>(run: () => T): T {
  return context.with(INTERNAL_CONTEXT, run);
}

/**
 * Whether a context is one of {@link runInternal}. Runs for each record; most records have the root context or none.
 */
export function isInternal(candidate: Context | undefined): boolean {
  return candidate !== undefined && candidate !== ROOT_CONTEXT && candidate.getValue(INTERNAL_KEY) === true;
}
