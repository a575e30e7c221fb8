import type { Context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { readsAttributes } from './classify/router.js';
import type { SlackExporterOptions } from './config/options.js';
import type { Settings } from './config/settings.js';
import { Gate } from './gate/gate.js';
import { measureProcessor } from './gate/metrics.js';
import { watchResources } from './gate/resource-watchdog.js';
import { loadSdkLogs, type SdkBatchLogRecordProcessor } from './gate/sdk-logs.cjs';
import { createPipeline } from './pipeline/pipeline.js';
import type { Pipeline } from './pipeline/types.js';
import type { EnabledOptions, ReadableLogRecord } from './record/otel.js';
import { type Overrides, setUp } from './setup.js';
import { Flusher } from './shutdown/flush.js';
import { onProcessEnd } from './shutdown/on-process-end.js';
import type { Diagnostics } from './telemetry/diagnostics.js';
import { addCounts, type SlackExporterStats } from './telemetry/ledger.js';
import { guarded } from './util/guarded.js';
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
  const { settings, dependencies } = setUp(options, overrides);
  const { clock, diagnostics } = dependencies;
  const pipeline = createPipeline(settings, dependencies);
  const { select, isOff } = pipeline;
  // The user's fingerprint or a route may read any attribute, so records that are coalesced must be equal in all of them.
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
  const removeHooks = onProcessEnd({ clock, diagnostics, settings, pipeline, drain, resource: overrides.resource });
  let ended: Promise<void> | undefined;
  return {
    onEmit(record, context) {
      if (!gate.admit(record, context)) return;
      batch.onEmit(record, context);
      watchdog.letIn();
    },
    enabled: (question) => gate.enabled(question),
    forceFlush: () => flusher.forceFlush(),
    shutdown() {
      ended ??= flusher.shutdown().then(() => {
        watchdog.end();
        removeHooks();
      });
      return ended;
    },
    stats: () => stats(gate, pipeline),
  };
}

/** The SDK's own processor, with an exporter behind it that never waits: the Flusher waits for delivery. */
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
  // Up to 0.219 the constructor took (exporter, limits), since 0.220 it takes ({ exporter, ...limits }): this is both.
  return new BatchLogRecordProcessor(Object.assign(exporter, { exporter }, limits), limits);
}

/** Reports dropped records. It runs when a batch reaches `export()`, because the gate runs in the caller's way. */
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
  const behind = pipeline.stats();
  const inFlight = gate.inFlight.size + gate.coalesced;
  const dropped = gate.dropped;
  const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
  const before = { accepted: inFlight + lost, delivered: 0, pending: inFlight, dropped, requests: 0, throttled: 0 };
  return {
    ...behind,
    ...addCounts(before, behind),
    emitted: gate.emitted,
    filtered: gate.filtered,
  };
}
