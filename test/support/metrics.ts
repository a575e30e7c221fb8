import assert from 'node:assert/strict';
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Counts } from '../../src/telemetry/ledger.js';
import { leakWatch } from './leaks.js';

/** One series of a metric: its attributes without the component's name and type, and its value. */
export type Series = readonly [attributes: Readonly<Record<string, unknown>>, value: number];

/** Reads metrics with OpenTelemetry's SDK, as an app would export them. */
export interface Meter {
  readonly provider: MeterProvider;
  /** Collects the metrics and returns them by name. */
  collect(): Promise<ReadonlyMap<string, MetricData>>;
  /** Returns the series of one metric. The value of a histogram is its count. */
  series(name: string): Promise<readonly Series[]>;
  shutdown(): Promise<void>;
}

/** Creates a {@link Meter}. It collects only on demand. */
export function meter(): Meter {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const collect: Meter['collect'] = async () => {
    const { resourceMetrics, errors } = await reader.collect();
    assert.deepEqual(errors, [], 'no callback fails');
    leakWatch.scan('a metric', JSON.stringify(resourceMetrics.scopeMetrics));
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
  };
  return {
    provider,
    collect,
    async series(name) {
      const points: readonly DataPoint<unknown>[] = (await collect()).get(name)?.dataPoints ?? [];
      return points.map(({ attributes, value }) => {
        const { 'otel.component.type': _type, 'otel.component.name': _name, ...others } = attributes;
        return [others, typeof value === 'number' ? value : (value as { readonly count: number }).count];
      });
    },
    shutdown: () => provider.shutdown(),
  };
}

/** Returns the values of the exporter's metrics with the names of `stats()`, summed over servers. */
export async function countsOf(
  from: Pick<Meter, 'series'>,
): Promise<Pick<Counts, 'delivered' | 'pending' | 'dropped'>> {
  const dropped: Record<string, number> = {};
  let delivered = 0;
  for (const [{ 'error.type': reason }, records] of await from.series('otel.sdk.exporter.log.exported')) {
    if (reason === undefined) delivered += records;
    else dropped[String(reason)] = (dropped[String(reason)] ?? 0) + records;
  }
  const waiting = await from.series('otel.sdk.exporter.log.inflight');
  return { delivered, pending: waiting.reduce((sum, [, records]) => sum + records, 0), dropped };
}
