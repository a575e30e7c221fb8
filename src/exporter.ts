import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { SlackExporterOptions } from './config/index.js';
import { createPipeline, type Pipeline } from './pipeline/index.js';
import type { ReadableLogRecord } from './record/index.js';
import { type Overrides, setUp } from './setup.js';
import { Deadline } from './shutdown/deadline.js';
import { onProcessEnd, type ProcessEnd } from './shutdown/on-process-end.js';
import type { SlackExporterStats } from './telemetry/index.js';

/** During a shutdown, the SDK's processor has exported everything once no batch has come for this long. */
const GRACE_MILLIS = 100;

/**
 * An OpenTelemetry `LogRecordExporter` that sends log records to Slack. Pass it to the SDK's `BatchLogRecordProcessor`.
 * Most apps need `createSlackLogRecordProcessor` instead: it contains this exporter, and filters records before the SDK
 * queues them.
 *
 * Only the constructor throws. No method throws or rejects, and `export()` never waits for Slack.
 */
export class SlackLogRecordExporter {
  readonly #pipeline: Pipeline;
  readonly #deadline: Deadline;
  readonly #processEnd: ProcessEnd;
  #shutdown: Promise<void> | undefined;

  /**
   * @param options - see {@link SlackExporterOptions}; the variables `OTEL_EXPORTER_SLACK_*` set the options left out
   * @throws {TypeError} when an option is wrong; the error names the option, the expected value and the given value
   */
  constructor(options?: SlackExporterOptions);
  /** @internal */
  constructor(options: SlackExporterOptions, overrides: Overrides);
  constructor(options: SlackExporterOptions = {}, overrides: Overrides = {}) {
    const { settings, dependencies } = setUp(options, overrides);
    this.#pipeline = createPipeline(settings, dependencies);
    // The pipeline already has every record. It may hold parts of a large batch for later; this call processes them now.
    const drain = (): void => this.#pipeline.acceptNow([]);
    const refuse = (): void => this.#pipeline.refuse();
    this.#processEnd = onProcessEnd({ ...dependencies, settings, pipeline: this.#pipeline, drain, refuse });
    this.#deadline = new Deadline(dependencies.clock, settings.flushTimeoutMillis);
  }

  /**
   * Accepts records. Those at or above `minSeverity` that pass the filter are grouped and sent later. Calls back with
   * `SUCCESS` once the records are grouped: at once for a small batch, after several turns of the event loop for a large
   * one. After `shutdown()` it calls back with `FAILED`, and the records count as dropped.
   */
  export(logs: readonly ReadableLogRecord[], resultCallback: (result: ExportResult) => void): void {
    const isAccepted = this.#accept(logs);
    if (isAccepted instanceof Promise) isAccepted.then((is) => resultCallback(resultOf(is))).catch(() => {});
    else resultCallback(resultOf(isAccepted));
  }

  #accept(logs: readonly ReadableLogRecord[]): boolean | Promise<boolean> {
    try {
      const isAccepted = this.#pipeline.accept(logs);
      this.#processEnd.recordAccepted();
      return isAccepted;
    } catch {
      // `logs` is not an array of records.
      return false;
    }
  }

  /**
   * Waits until everything that is due is delivered: new problems, and counts whose update or reminder is due. Other
   * counts stay in `stats().pending`. Waits at most `flushTimeoutMillis`, which consecutive calls share. Resolves earlier
   * when nothing more can be delivered before that time. Never rejects.
   */
  async forceFlush(): Promise<void> {
    const isDone = await this.#pipeline.flush(this.#deadline.begin());
    this.#deadline.end(isDone);
  }

  /**
   * Delivers everything that is pending, in as few messages as possible, and closes the exporter. Takes at most
   * `flushTimeoutMillis`, including a flush directly before it. Records that are pending after that time are saved to the
   * spool if there is one, or dropped. Never rejects. Further calls return the same promise.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#pipeline
      .close({ deadlineMillis: this.#deadline.begin(), graceMillis: GRACE_MILLIS })
      .then(this.#processEnd.remove);
    return this.#shutdown;
  }

  /** Returns the counts of all records so far. They are exact at any time, and cheap enough to read every second. */
  stats(): SlackExporterStats {
    return this.#pipeline.stats();
  }
}

function resultOf(isAccepted: boolean): ExportResult {
  if (isAccepted) return { code: ExportResultCode.SUCCESS };
  const error = new Error('SlackLogRecordExporter: the exporter is shut down; the records are dropped');
  return { code: ExportResultCode.FAILED, error };
}
