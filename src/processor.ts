import type { Context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { readsAttributes } from './classify/router.js';
import type { SlackExporterOptions } from './config/options.js';
import type { Settings } from './config/settings.js';
import { createGate, type Gate } from './gate/gate.js';
import { measureProcessor } from './gate/metrics.js';
import { watchUnsettled } from './gate/resource-watchdog.js';
import { loadSdkLogs, type SdkBatchLogRecordProcessor } from './gate/sdk-logs.cjs';
import { createPipeline, type Pipeline } from './pipeline/pipeline.js';
import type { EnabledOptions, ReadableLogRecord } from './record/otel.js';
import { type Overrides, start } from './setup.js';
import { createBarrier } from './shutdown/flush.js';
import { prepareParting } from './shutdown/on-process-end.js';
import type { Diagnostics } from './telemetry/diagnostics.js';
import { addCounts, type SlackExporterStats } from './telemetry/ledger.js';
import { countedOf } from './util/text.js';

/** The exporter's stats, those of the gate included: what is in transit is `pending`. */
export interface SlackProcessorStats extends SlackExporterStats {
  /**
   * Records offered to the processor; each is either `filtered` or `accepted`, once for each destination that wants it.
   * What comes from the spool is `accepted` too, and was offered to an earlier process.
   * What `enabled()` kept the SDK from building in the first place was never offered.
   */
  readonly emitted: number;
  /** Records that nobody wants in Slack. While there are routes, some are known to be of them only behind the queue. */
  readonly filtered: number;
}

/** What {@link createSlackLogRecordProcessor} returns: an OpenTelemetry `LogRecordProcessor` that can be asked for its stats. */
export interface SlackLogRecordProcessor {
  onEmit(logRecord: ReadableLogRecord, context?: Context): void;
  enabled(options: EnabledOptions): boolean;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  stats(): SlackProcessorStats;
}

/**
 * The whole thing, to be given to a `LoggerProvider` or a `NodeSDK`: a gate → the SDK's `BatchLogRecordProcessor` → the
 * exporter.
 *
 * `forceFlush()` and `shutdown()` wait for delivery, never reject, and together take at most `flushTimeoutMillis`.
 *
 * @param options - see {@link SlackExporterOptions}; what is left out comes from `OTEL_EXPORTER_SLACK_*`
 * @throws {TypeError} when an option is wrong: it says which, what was expected and what was got
 * @throws {Error} when `@opentelemetry/sdk-logs` is not installed
 */
export function createSlackLogRecordProcessor(options?: SlackExporterOptions): SlackLogRecordProcessor;
/** @internal */
export function createSlackLogRecordProcessor(
  options: SlackExporterOptions,
  overrides: Overrides,
): SlackLogRecordProcessor;
export function createSlackLogRecordProcessor(
  options: SlackExporterOptions = {},
  overrides: Overrides = {},
): SlackLogRecordProcessor {
  const { settings, dependencies } = start(options, overrides);
  const pipeline = createPipeline(settings, dependencies);
  const { select, isOff } = pipeline;
  // What rides along must be equal in all that decides on its problem and its way.
  const comparesAll = settings.fingerprint !== undefined || readsAttributes(settings.routes);
  const gate = createGate({ ...settings, select, isOff, comparesAll });
  const batch = createBatchProcessor(settings, (records) => {
    const isTaken = pipeline.take(records, gate);
    tellOverflow();
    return isTaken;
  });
  const tellOverflow = overflowTeller(gate, pipeline, dependencies.diagnostics);
  const barrier = createBarrier({ ...dependencies, gate, batch, pipeline, timeoutMillis: settings.flushTimeoutMillis });
  const unsettled = watchUnsettled(gate, dependencies.clock, dependencies.diagnostics);
  const drain = (): void => pipeline.takeNow(gate.inTransit.items(), gate);
  measureProcessor(settings.selfObsMeterProvider, dependencies.diagnostics, { ...settings, gate });
  let ended: Promise<void> | undefined;
  const settle = prepareParting({ ...dependencies, settings, pipeline, drain, resource: overrides.resource });
  return {
    onEmit(record, context) {
      if (!gate.admit(record, context)) return;
      batch.onEmit(record, context);
      unsettled.letIn();
    },
    enabled: (question) => gate.enabled(question),
    forceFlush: barrier.forceFlush,
    shutdown() {
      ended ??= barrier.shutdown().then(() => {
        unsettled.end();
        settle();
      });
      return ended;
    },
    stats: () => stats(gate, pipeline),
  };
}

/** The SDK's own processor, with an exporter behind it that never waits: flushing is the barrier's. */
function createBatchProcessor(
  settings: Settings,
  take: (records: readonly ReadableLogRecord[]) => boolean | Promise<boolean>,
): SdkBatchLogRecordProcessor {
  const { BatchLogRecordProcessor } = loadSdkLogs();
  const { maxQueueSize, maxExportBatchSize, scheduledDelayMillis } = settings;
  const limits = { maxQueueSize, maxExportBatchSize, scheduledDelayMillis };
  const exporter = {
    export(records: readonly ReadableLogRecord[], done: (result: ExportResult) => void): void {
      const end = (isTaken: boolean): void =>
        done({ code: isTaken ? ExportResultCode.SUCCESS : ExportResultCode.FAILED });
      const isTaken = guarded(() => take(records));
      if (isTaken instanceof Promise) isTaken.then(end).catch(() => {});
      else end(isTaken);
    },
    forceFlush: (): Promise<void> => Promise.resolve(),
    shutdown: (): Promise<void> => Promise.resolve(),
  };
  // Up to 0.219 the constructor took (exporter, limits), since 0.220 it takes ({ exporter, ...limits }): this is both.
  return new BatchLogRecordProcessor(Object.assign(exporter, { exporter }, limits), limits);
}

/** Told here and not where it happens: the gate is in the caller's way. */
function overflowTeller(gate: Gate, pipeline: Pipeline, diagnostics: Diagnostics): () => void {
  let told = 0;
  return () => {
    const { queue_full: lost = 0 } = gate.dropped;
    if (lost === told) return;
    pipeline.lose(lost - told);
    told = lost;
    const records = countedOf(lost, 'record');
    diagnostics.warn(
      'queue_full',
      `${records} dropped so far, because the queue was full; raise maxQueueSize, or log less`,
    );
  };
}

function guarded<T>(take: () => T): T | false {
  try {
    return take();
  } catch {
    return false;
  }
}

function stats(gate: Gate, pipeline: Pipeline): SlackProcessorStats {
  const behind = pipeline.stats();
  const inTransit = gate.inTransit.size + gate.riding;
  const dropped = gate.dropped;
  const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
  const before = { accepted: inTransit + lost, delivered: 0, pending: inTransit, dropped, requests: 0, throttled: 0 };
  return {
    ...behind,
    ...addCounts(before, behind),
    emitted: gate.emitted,
    filtered: gate.filtered,
  };
}
