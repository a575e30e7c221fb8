import { type Context, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Marks what happens on our behalf: a record that is emitted there is ours, and must not come back to us. */
const OWN_KEY = createContextKey('opentelemetry-exporter-slack');

const OWN_CONTEXT: Context = suppressTracing(ROOT_CONTEXT).setValue(OWN_KEY, true);

/** Runs our own traffic: never traced, and never a child of whatever span happened to be active. */
export function asOwn<T>(run: () => T): T {
  return context.with(OWN_CONTEXT, run);
}

/** Whether a context is ours. Asked for each record, and most have the root's or none. */
export function isOwn(candidate: Context | undefined): boolean {
  return candidate !== undefined && candidate !== ROOT_CONTEXT && candidate.getValue(OWN_KEY) === true;
}
