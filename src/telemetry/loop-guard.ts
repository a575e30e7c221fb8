import { type Context, context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { asOwnWork } from '../util/index.js';

/** Marks the context of our own work. A record that is emitted in it is never exported. */
const INTERNAL_KEY = createContextKey('opentelemetry-exporter-slack');

const INTERNAL_CONTEXT: Context = suppressTracing(ROOT_CONTEXT).setValue(INTERNAL_KEY, true);

/**
 * Runs our own work outside of any trace: tracing is suppressed, and the active span is never its parent. A record that is
 * emitted in it, by a getter or a callback of the app, is never exported.
 */
export function runInternal<T>(run: () => T): T {
  return asOwnWork(() => context.with(INTERNAL_CONTEXT, run));
}

const CALLBACK_CONTEXT: Context = ROOT_CONTEXT.setValue(INTERNAL_KEY, true);

/**
 * Calls a function of the app with an argument, in the active context. A record that the function emits is never exported,
 * also when it emits the record later: the function would be called with that record, and so on.
 */
export function callInternal<A, T>(callback: (argument: A) => T, argument: A): T {
  const active = context.active();
  const internal = active === ROOT_CONTEXT ? CALLBACK_CONTEXT : active.setValue(INTERNAL_KEY, true);
  return asOwnWork(() => context.with(internal, callback, undefined, argument));
}

/**
 * Whether a context is one of {@link runInternal} or {@link callInternal}. Runs for each record; most records have the root context or none.
 */
export function isInternal(candidate: Context | undefined): boolean {
  return candidate !== undefined && candidate !== ROOT_CONTEXT && candidate.getValue(INTERNAL_KEY) === true;
}
