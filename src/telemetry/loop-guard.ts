import { type Context, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Marks what happens on our behalf: a record that is emitted there is ours, and must not come back to us. */
const INTERNAL_KEY = createContextKey('opentelemetry-exporter-slack');

const INTERNAL_CONTEXT: Context = suppressTracing(ROOT_CONTEXT).setValue(INTERNAL_KEY, true);

/** Runs our own traffic: never traced, and never a child of whatever span happened to be active. */
export function runInternal<T>(run: () => T): T {
  return context.with(INTERNAL_CONTEXT, run);
}

/** Whether a context is ours. Asked for each record, and most have the root's or none. */
export function isInternal(candidate: Context | undefined): boolean {
  return candidate !== undefined && candidate !== ROOT_CONTEXT && candidate.getValue(INTERNAL_KEY) === true;
}
