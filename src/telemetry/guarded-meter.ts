/** What the metrics of ourselves have in common: a name for each component, and a guard against the meter. */

import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { processGlobal } from '../util/process-globals.js';
import { errorClassOf } from '../util/user-callback.js';
import type { Diagnostics } from './diagnostics.js';

/** Numbered over all copies of this package in the process: the name tells one component from another. */
export function componentOf(type: string): Attributes {
  const numbers = processGlobal('components', () => new Map<string, number>());
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
      `selfObsMeterProvider threw ${errorClassOf(error)}; there will be no metrics. Mend the MeterProvider`,
    );
    return undefined;
  }
}
