/** What the metrics of ourselves have in common: a name for each component, and a guard against the meter. */

import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { processWideStore } from '../util/process-globals.js';
import { nameOf } from '../util/user-callback.js';
import type { Diagnostics } from './diagnostics.js';

/** Numbered over all copies of this package in the process: the name tells one component from another. */
export function componentOf(type: string): Attributes {
  const numbers = processWideStore('components', () => new Map<string, number>());
  const number = numbers.get(type) ?? 0;
  numbers.set(type, number + 1);
  return { 'otel.component.type': type, 'otel.component.name': `${type}/${number}` };
}

/** A meter that cannot even be had costs the metrics, and nothing else. */
export function metered<T>(
  provider: MeterProvider | undefined,
  diagnostics: Diagnostics,
  create: (provider: MeterProvider) => T,
): T | undefined {
  if (provider === undefined) return undefined;
  try {
    return create(provider);
  } catch (error) {
    diagnostics.warn(
      'metrics',
      `selfObsMeterProvider threw ${nameOf(error)}; there will be no metrics. Mend the MeterProvider`,
    );
    return undefined;
  }
}

/** The same function, but what throws inside it ends there. */
export function guarded<Args extends readonly unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      run(...args);
    } catch {
      // A meter that throws is its owner's mistake; neither the app nor the sender must feel it.
    }
  };
}
