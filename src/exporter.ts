import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { SlackExporterOptions } from './config/options.js';
import { createPipeline } from './pipeline/pipeline.js';
import type { Pipeline } from './pipeline/types.js';
import type { ReadableLogRecord } from './record/otel.js';
import { type Overrides, setUp } from './setup.js';
import { Deadline } from './shutdown/deadline.js';
import { onProcessEnd } from './shutdown/on-process-end.js';
import type { SlackExporterStats } from './telemetry/ledger.js';

/** How long the SDK's processor may be silent during a shutdown before it is taken to have handed over everything. */
const GRACE_MILLIS = 100;

/**
 * Sends log records to Slack: an OpenTelemetry `LogRecordExporter`, to be put behind the SDK's
 * `BatchLogRecordProcessor`. Most apps want `createSlackLogRecordProcessor`, which puts a gate in front of that as well.
 *
 * Nothing here throws, rejects or waits for Slack, but the constructor.
 */
export class SlackLogRecordExporter {
  readonly #pipeline: Pipeline;
  readonly #deadline: Deadline;
  readonly #settle: () => void;
  #shutdown: Promise<void> | undefined;

  /**
   * @param options - see {@link SlackExporterOptions}; what is left out comes from `OTEL_EXPORTER_SLACK_*`
   * @throws {TypeError} when an option is wrong: it says which, what was expected and what was got
   */
  constructor(options?: SlackExporterOptions);
  /** @internal */
  constructor(options: SlackExporterOptions, overrides: Overrides);
  constructor(options: SlackExporterOptions = {}, overrides: Overrides = {}) {
    const { settings, dependencies } = setUp(options, overrides);
    this.#pipeline = createPipeline(settings, dependencies);
    // What came is with the pipeline, of a large batch a part that waits for its turn.
    const drain = (): void => this.#pipeline.acceptNow([]);
    this.#settle = onProcessEnd({ ...dependencies, settings, pipeline: this.#pipeline, drain });
    this.#deadline = new Deadline(dependencies.clock, settings.flushTimeoutMillis);
  }

  /**
   * Takes records: those at or above `minSeverity` that pass the filter are grouped and will be sent. Calls back with
   * success, at once or, for a large batch, when the app has had its turn in between; after `shutdown()` with failure,
   * and the records count as dropped.
   */
  export(logs: readonly ReadableLogRecord[], resultCallback: (result: ExportResult) => void): void {
    const isTaken = this.#take(logs);
    if (isTaken instanceof Promise) isTaken.then((is) => resultCallback(resultOf(is))).catch(() => {});
    else resultCallback(resultOf(isTaken));
  }

  #take(logs: readonly ReadableLogRecord[]): boolean | Promise<boolean> {
    try {
      return this.#pipeline.accept(logs);
    } catch {
      // No list of records at all.
      return false;
    }
  }

  /**
   * Waits until what is due is delivered: problems that are new, and counts whose time has come (see `stats().pending`
   * for the others). At most `flushTimeoutMillis`, which calls in a row share. Returns sooner when nothing can be
   * delivered before. Never rejects.
   */
  async forceFlush(): Promise<void> {
    const isDone = await this.#pipeline.flush(this.#deadline.begin());
    this.#deadline.end(isDone);
  }

  /**
   * Says what there is still to say, in as few messages as possible, for at most `flushTimeoutMillis`, which a flush
   * right before counts against; what is left then is counted as dropped. Never rejects; called again, it is the same promise.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#pipeline
      .close({ deadlineMillis: this.#deadline.begin(), graceMillis: GRACE_MILLIS })
      .then(this.#settle);
    return this.#shutdown;
  }

  /** What became of all records so far. True at every moment; cheap enough to be asked every second. */
  stats(): SlackExporterStats {
    return this.#pipeline.stats();
  }
}

function resultOf(isTaken: boolean): ExportResult {
  if (isTaken) return { code: ExportResultCode.SUCCESS };
  const error = new Error('SlackLogRecordExporter: the exporter is shut down; the records are dropped');
  return { code: ExportResultCode.FAILED, error };
}
