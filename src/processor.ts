import type { Context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { readsAttributes } from './classify/index.js';
import type { Settings, SlackExporterOptions } from './config/index.js';
import { Gate, loadSdkLogs, measureProcessor, type SdkBatchLogRecordProcessor, watchResources } from './gate/index.js';
import { createPipeline, type Pipeline } from './pipeline/index.js';
import type { EnabledOptions, ReadableLogRecord } from './record/index.js';
import { type Overrides, setUp } from './setup.js';
import { Flusher } from './shutdown/flush.js';
import { onProcessEnd } from './shutdown/on-process-end.js';
import { addCounts, type Diagnostics, type SlackExporterStats } from './telemetry/index.js';
import { countedOf, guarded } from './util/index.js';

/** The stats of the exporter and its gate together. Records in flight between the two count as `pending`. */
export interface SlackProcessorStats extends SlackExporterStats {
  /**
   * Records passed to `onEmit()`. Each is either `filtered` or `accepted`, and accepted once for each destination that
   * wants it. Not counted here: records from the spool, which an earlier process emitted and this one accepts, and
   * records that the SDK did not create because `enabled()` returned false.
   */
  readonly emitted: number;
  /** Records that no destination wants. With routes, part of them is counted only once they have passed the SDK's queue. */
  readonly filtered: number;
}

/** An OpenTelemetry `LogRecordProcessor` with stats. {@link createSlackLogRecordProcessor} returns one. */
export interface SlackLogRecordProcessor {
  onEmit(logRecord: ReadableLogRecord, context?: Context): void;
  enabled(options: EnabledOptions): boolean;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
  stats(): SlackProcessorStats;
}

/**
 * Creates a processor for a `LoggerProvider` or a `NodeSDK`. It contains a gate, the SDK's `BatchLogRecordProcessor` and
 * the exporter.
 *
 * `forceFlush()` and `shutdown()` wait for delivery, never reject, and together take at most `flushTimeoutMillis`.
 *
 * @param options - see {@link SlackExporterOptions}; the variables `OTEL_EXPORTER_SLACK_*` set the options left out
 * @throws {TypeError} when an option is wrong; the error names the option, the expected value and the given value
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
  const { settings, dependencies } = setUp(options, overrides);
  const { clock, diagnostics } = dependencies;
  const pipeline = createPipeline(settings, dependencies);
  const { select, isOff } = pipeline;
  // The fingerprint option or a route may read any attribute, so coalesced records must be equal in all attributes.
  const comparesAll = settings.fingerprint !== undefined || readsAttributes(settings.routes);
  const gate = new Gate({ ...settings, select, isOff, comparesAll });
  const reportOverflow = overflowReporter(gate, pipeline, diagnostics);
  const batch = createBatchProcessor(settings, (records) => {
    const isAccepted = pipeline.accept(records, gate);
    reportOverflow();
    return isAccepted;
  });
  const timeoutMillis = settings.flushTimeoutMillis;
  const flusher = new Flusher({ gate, batch, pipeline, clock, diagnostics, timeoutMillis });
  const watchdog = watchResources(gate, clock, diagnostics);
  measureProcessor(settings.selfObsMeterProvider, diagnostics, { ...settings, gate });
  const drain = (): void => pipeline.acceptNow(gate.inFlight.items(), gate);
  const { resource } = overrides;
  const refuse = (): void => void gate.close();
  const processEnd = onProcessEnd({ clock, diagnostics, settings, pipeline, drain, refuse, resource });
  let shutdownPromise: Promise<void> | undefined;
  return {
    onEmit(record, context) {
      if (!gate.admit(record, context)) {
        if (gate.isClosed) reportLate(diagnostics);
        return;
      }
      const admitted = gate.inFlight.last() as ReadableLogRecord;
      if (flusher.isBatchClosed) pipeline.acceptNow([admitted], gate);
      else batch.onEmit(admitted, context);
      watchdog.recordAdmitted();
      processEnd.recordAccepted();
    },
    enabled: (options) => gate.enabled(options),
    forceFlush: () => flusher.forceFlush(),
    shutdown() {
      shutdownPromise ??= flusher.shutdown().then(() => {
        watchdog.end();
        processEnd.remove();
      });
      return shutdownPromise;
    },
    stats: () => stats(gate, pipeline),
  };
}

/** Creates the SDK's processor, with an exporter that never waits for delivery: only the `Flusher` does. */
function createBatchProcessor(
  settings: Settings,
  accept: (records: readonly ReadableLogRecord[]) => boolean | Promise<boolean>,
): SdkBatchLogRecordProcessor {
  const { BatchLogRecordProcessor } = loadSdkLogs();
  const { maxQueueSize, maxExportBatchSize, scheduledDelayMillis } = settings;
  const limits = { maxQueueSize, maxExportBatchSize, scheduledDelayMillis };
  const exporter = {
    export(records: readonly ReadableLogRecord[], done: (result: ExportResult) => void): void {
      const end = (isAccepted: boolean): void =>
        done({ code: isAccepted ? ExportResultCode.SUCCESS : ExportResultCode.FAILED });
      const isAccepted = guarded(() => accept(records)) ?? false;
      if (isAccepted instanceof Promise) isAccepted.then(end).catch(() => {});
      else end(isAccepted);
    },
    forceFlush: (): Promise<void> => Promise.resolve(),
    shutdown: (): Promise<void> => Promise.resolve(),
  };
  // Up to 0.219 the constructor takes (exporter, limits), from 0.220 on ({ exporter, ...limits }). This call fits both.
  return new BatchLogRecordProcessor(Object.assign(exporter, { exporter }, limits), limits);
}

function reportLate(diagnostics: Diagnostics): void {
  diagnostics.warn(
    'late',
    'records that come after shutdown(), or long after the end of the process began, are dropped',
  );
}

/** Reports dropped records. Runs when a batch reaches `export()`, because the gate runs in the app's own call and must be fast. */
function overflowReporter(gate: Gate, pipeline: Pipeline, diagnostics: Diagnostics): () => void {
  let reported = 0;
  return () => {
    const { queue_full: lost = 0 } = gate.dropped;
    if (lost === reported) return;
    pipeline.reportLost(lost - reported);
    reported = lost;
    const records = countedOf(lost, 'record');
    diagnostics.warn(
      'queue_full',
      `${records} dropped so far, because the queue was full; raise maxQueueSize, or log less`,
    );
  };
}

function stats(gate: Gate, pipeline: Pipeline): SlackProcessorStats {
  const exporterStats = pipeline.stats();
  const inFlight = gate.inFlight.size + gate.coalesced;
  const dropped = gate.dropped;
  const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
  const gateCounts = { accepted: inFlight + lost, delivered: 0, pending: inFlight, dropped, requests: 0, throttled: 0 };
  return {
    ...exporterStats,
    ...addCounts(gateCounts, exporterStats),
    emitted: gate.emitted,
    filtered: gate.filtered,
  };
}
