/**
 * Shared by the metrics of the exporter and of the processor: the component's name, and a guard against a failing
 * meter.
 */

import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { errorClassOf, processGlobal } from '../util/index.js';
import type { Diagnostics } from './diagnostics.js';

/**
 * Returns the attributes that identify a component. The number in its name is unique in the process, over all copies of
 * this package.
 */
export function componentAttributes(type: string): Attributes {
  const numbers = processGlobal('components', () => new Map<string, number>());
  const number = numbers.get(type) ?? 0;
  numbers.set(type, number + 1);
  return { 'otel.component.type': type, 'otel.component.name': `${type}/${number}` };
}

/**
 * Returns what `create` makes, or `undefined` without a provider or when the provider throws. Without a meter only the
 * metrics are lost.
 */
export function createMetrics<T>(
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
      `selfObsMeterProvider threw ${errorClassOf(error)}; there will be no metrics. Fix the MeterProvider`,
    );
    return undefined;
  }
}
