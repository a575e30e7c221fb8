/**
 * The exporter's own metrics. Their names follow OpenTelemetry's semantic conventions, so that a dashboard for the
 * SDK's exporters shows this exporter too. Source: https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics
 */

import type { Attributes, BatchObservableResult, Histogram, MeterProvider, Observable } from '@opentelemetry/api';
import { guarded } from '../util/index.js';
import { type Diagnostics, OWN_NAMESPACE } from './diagnostics.js';
import { componentAttributes, createMetrics } from './guarded-meter.js';
import type { Counts } from './ledger.js';

/** The metrics of one exporter. Its methods never throw, whatever the meter does. */
export interface ExporterMetrics {
  /** Adds the counts of a destination, which are read at each collection. `server`: its URL, if known. */
  watch(server: URL | undefined, accounts: Accounts): void;
  /** Begins a request that exports records. */
  begin(server: URL): Operation;
  /** Ends the metrics at shutdown. A provider that lives longer then keeps only the final counts in memory. */
  close(): void;
}

/** The source of the counts of records. */
export interface Accounts {
  counts(): Counts;
  /** Returns a function for the counts after shutdown. It keeps as little as possible in memory. */
  closed(): () => Counts;
}

/** One request, from its start to the end of its response. */
export interface Operation {
  /** Slack responded. */
  answered(httpStatus: number): void;
  /** @param errorType - why the request failed; undefined when it succeeded */
  end(errorType: string | undefined, durationMillis: number): void;
}

/**
 * The counts of one destination. Two destinations on one server have equal attributes, so {@link Sums} adds them up.
 */
interface Source extends Accounts {
  readonly attributes: Attributes;
}

/** Creates the {@link ExporterMetrics} of one exporter. Without a provider they do nothing. */
export function createExporterMetrics(provider: MeterProvider | undefined, diagnostics: Diagnostics): ExporterMetrics {
  return createMetrics(provider, diagnostics, (given) => new MeteredExporter(given)) ?? NO_METRICS;
}

/**
 * Reads the counts at each collection and records nothing while a record passes. So a record costs nothing, and the
 * metrics cannot differ from `stats()`.
 */
class MeteredExporter implements ExporterMetrics {
  readonly #component: Attributes = componentAttributes('SlackLogRecordExporter');
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
      // No buckets, as in the SDK's own exporters: only count, sum, minimum and maximum.
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

/** Sums of records by attributes: a second observation with equal attributes would overwrite the first. */
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

/** Only host and port: the path of a webhook URL is secret. */
function serverOf({ hostname, port, protocol }: URL): Attributes {
  const standardPort = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? standardPort : Number(port) };
}
