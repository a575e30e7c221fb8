/**
 * What we tell of ourselves, as OpenTelemetry's semantic conventions have it, so that a dashboard for the SDK's own
 * exporters shows us too. Source: https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics
 */

import type { Attributes, BatchObservableResult, Histogram, MeterProvider, Observable } from '@opentelemetry/api';
import { guarded } from '../util/guarded.js';
import { type Diagnostics, OWN_NAMESPACE } from './diagnostics.js';
import { componentOf, metered } from './guarded-meter.js';
import type { Counts } from './ledger.js';

/** The metrics of one exporter. None of it throws, whatever the meter does. */
export interface ExporterMetrics {
  /** Records to be counted whenever somebody collects. `server`: where they go, as far as that is known. */
  watch(server: URL | undefined, accounts: Accounts): void;
  /** A request that exports something begins. */
  begin(server: URL): Operation;
  /** The exporter is shut down: a provider that outlives it holds on to its accounts, and to nothing else of it. */
  close(): void;
}

/** Where the counts of records come from. */
export interface Accounts {
  counts(): Counts;
  /** The same when nothing waits any more; they hold on to as little as possible. */
  closed(): () => Counts;
}

/** One request, from its beginning to the end of its answer. */
export interface Operation {
  /** An answer came. */
  answered(httpStatus: number): void;
  /** @param errorType - why it failed; undefined when Slack took it */
  end(errorType: string | undefined, durationMillis: number): void;
}

/** Records of one server; those of two destinations on it are one series, or the second would overwrite the first. */
interface Source extends Accounts {
  readonly attributes: Attributes;
}

/** Makes the {@link ExporterMetrics} of one exporter; without a provider they cost nothing. */
export function createExporterMetrics(provider: MeterProvider | undefined, diagnostics: Diagnostics): ExporterMetrics {
  return metered(provider, diagnostics, (given) => new MeteredExporter(given)) ?? NO_METRICS;
}

/**
 * Counts are read from the accounts when they are collected, and not added where they are booked: that costs a record
 * nothing, and `stats()` and the metrics cannot differ.
 */
class MeteredExporter implements ExporterMetrics {
  readonly #component: Attributes = componentOf('SlackLogRecordExporter');
  #sources: readonly Source[] = [];
  readonly #inflight: Observable;
  readonly #exported: Observable;
  readonly #duration: Histogram;

  constructor(provider: MeterProvider) {
    const meter = provider.getMeter(OWN_NAMESPACE);
    this.#inflight = meter.createObservableUpDownCounter('otel.sdk.exporter.log.inflight', {
      unit: '{log_record}',
      description: 'The number of log records which were passed to the exporter, but that have not been exported yet.',
    });
    this.#exported = meter.createObservableCounter('otel.sdk.exporter.log.exported', {
      unit: '{log_record}',
      description: 'The number of log records for which the export has finished, either successful or failed.',
    });
    this.#duration = meter.createHistogram('otel.sdk.exporter.operation.duration', {
      unit: 's',
      description: 'The duration of exporting a batch of telemetry records.',
      // As the SDK's own exporters: count, sum, minimum and maximum.
      advice: { explicitBucketBoundaries: [] },
    });
    const read = (result: BatchObservableResult): void => guarded(() => this.#read(result));
    meter.addBatchObservableCallback(read, [this.#inflight, this.#exported]);
  }

  watch(server: URL | undefined, { counts, closed }: Accounts): void {
    const attributes = { ...this.#component, ...(server && serverOf(server)) };
    this.#sources = [...this.#sources, { attributes, counts, closed }];
  }

  begin(server: URL): Operation {
    let status: Attributes = {};
    return {
      answered(httpStatus) {
        status = { 'http.response.status_code': httpStatus };
      },
      end: (errorType, durationMillis) => {
        const failure = errorType === undefined ? {} : { 'error.type': errorType };
        const attributes = { ...this.#component, ...serverOf(server), ...status, ...failure };
        guarded(() => this.#duration.record(durationMillis / 1_000, attributes));
      },
    };
  }

  close(): void {
    this.#sources = this.#sources.map(({ attributes, closed }) => {
      const counts = closed();
      return { attributes, counts, closed: () => counts };
    });
  }

  #read(result: BatchObservableResult): void {
    const inflight = new Sums();
    const exported = new Sums();
    for (const { attributes, counts } of this.#sources) {
      const { pending, delivered, dropped } = counts();
      inflight.add(pending, attributes);
      exported.add(delivered, attributes);
      for (const [reason, records] of Object.entries(dropped)) {
        exported.add(records, { ...attributes, 'error.type': reason });
      }
    }
    inflight.observe(result, this.#inflight);
    exported.observe(result, this.#exported);
  }
}

const NO_OPERATION: Operation = { answered: () => {}, end: () => {} };
const NO_METRICS: ExporterMetrics = { watch: () => {}, begin: () => NO_OPERATION, close: () => {} };

/** Sums by attributes. */
class Sums {
  readonly #sums = new Map<string, { records: number; readonly attributes: Attributes }>();

  add(records: number, attributes: Attributes): void {
    const key = JSON.stringify(attributes);
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { records, attributes });
    else sum.records += records;
  }

  observe(result: BatchObservableResult, instrument: Observable): void {
    for (const { records, attributes } of this.#sums.values()) result.observe(instrument, records, attributes);
  }
}

/** Host and port alone: the path of a webhook is its secret. */
function serverOf({ hostname, port, protocol }: URL): Attributes {
  const standardPort = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? standardPort : Number(port) };
}
