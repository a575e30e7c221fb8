import type { Group } from './group.js';
import type { Destination, SlackMessage } from './message.js';
import type { ReadableLogRecord } from './otel.js';
import type { SeverityName } from './severity.js';

/** Decides whether a record goes to Slack. It runs in the app's own call of the logger: be quick. */
export type RecordFilter = (record: ReadableLogRecord) => boolean;

/**
 * Names the problem that a record is about: records with equal names are one group. It gets what we would say, to add to
 * it or to fall back on. It must be the same in every process.
 */
export type RecordFingerprint = (record: ReadableLogRecord, standard: string) => string;

/** A group as `render` sees it. */
export type RenderGroup = Pick<Group, 'id' | 'count' | 'sample' | 'firstSeenMillis' | 'lastSeenMillis'>;

/** What a message speaks of in all: a digest names only the worst of its problems and counts the others. */
export interface RenderTotals {
  readonly problems: number;
  readonly records: number;
}

/**
 * Makes a message of your own, from the groups that the message names (worst first), the message that we would send, and
 * the totals. Texts of a group are the app's: put them through `escapeMrkdwn` or `inlineCode`.
 */
export type MessageRenderer = (
  groups: readonly RenderGroup[],
  standard: SlackMessage,
  totals: RenderTotals,
) => SlackMessage;

/**
 * All options. Everything but functions can be written as JSON, and as an environment variable: `minSeverity` is
 * `OTEL_EXPORTER_SLACK_MIN_SEVERITY`, and so on. What is given in code wins over the environment; an empty variable is
 * the same as none.
 */
export interface SlackExporterOptions {
  /**
   * URL of an incoming webhook. Either this, or `token` and `channel`.
   * Variable: `OTEL_EXPORTER_SLACK_WEBHOOK_URL`. Without any destination the exporter is off.
   */
  readonly webhookUrl?: string | undefined;
  /** Bot token (`xoxb-…`) with the scope `chat:write`. Variable: `OTEL_EXPORTER_SLACK_TOKEN`. */
  readonly token?: string | undefined;
  /** Where to post with the token: a channel's id (`C0123ALERTS`), or `#name`. Variable: `OTEL_EXPORTER_SLACK_CHANNEL`. */
  readonly channel?: string | undefined;
  /**
   * Base URL of the Web API: https, or http on loopback. Variable: `OTEL_EXPORTER_SLACK_API_URL`.
   * @default 'https://slack.com/api/'
   */
  readonly apiUrl?: string | undefined;
  /**
   * The lowest severity that goes to Slack: a name, or a severity number from 1 to 24. A record without severity goes
   * only when its severity text names a level. Variable: `OTEL_EXPORTER_SLACK_MIN_SEVERITY`.
   * @default 'ERROR'
   */
  readonly minSeverity?: SeverityName | Lowercase<SeverityName> | number | undefined;
  /** Keeps a record out by returning false. One that throws is warned of once and lets the record through. */
  readonly filter?: RecordFilter | undefined;
  /**
   * Decides which records are the same problem. A single record can say it too, with the attribute `slack.fingerprint`.
   * What throws, or is no text, is warned of once, and the standard holds.
   */
  readonly fingerprint?: RecordFingerprint | undefined;
  /** Replaces the look of messages. What breaks a limit of Slack's, or throws, is warned of once; the standard goes out. */
  readonly render?: MessageRenderer | undefined;
  /**
   * Link to a trace: an http(s) URL with `{traceId}` and, if wanted, `{spanId}`.
   * Variable: `OTEL_EXPORTER_SLACK_TRACE_URL`. Without it the trace id is shown.
   */
  readonly traceUrl?: string | undefined;
  /**
   * Attributes to show besides those that have a place in the message (request, user, code location, …): keys, or
   * beginnings of keys with a `*` behind. Variable: `OTEL_EXPORTER_SLACK_ATTRIBUTES`, separated by commas.
   * @default []
   */
  readonly attributes?: readonly string[] | undefined;
  /**
   * Total time for one request to Slack, in milliseconds, 1 to 60,000. Variable: `OTEL_EXPORTER_SLACK_TIMEOUT`.
   * @default 10_000
   */
  readonly timeoutMillis?: number | undefined;
  /**
   * Total time for a `forceFlush()` or a `shutdown()`, in milliseconds, 1 to 600,000.
   * Variable: `OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT`.
   * @default 10_000
   */
  readonly flushTimeoutMillis?: number | undefined;
  /**
   * Records in transit from the gate to the exporter, 1 to 1,000,000; more are dropped as `queue_full` and counted.
   * Used by `createSlackLogRecordProcessor`. Variable: `OTEL_EXPORTER_SLACK_MAX_QUEUE_SIZE`.
   * @default 2_048
   */
  readonly maxQueueSize?: number | undefined;
  /**
   * Records handed to the exporter at a time, 1 to `maxQueueSize`. Used by `createSlackLogRecordProcessor`.
   * Variable: `OTEL_EXPORTER_SLACK_MAX_EXPORT_BATCH_SIZE`.
   * @default 512
   */
  readonly maxExportBatchSize?: number | undefined;
  /**
   * How long the processor gathers records before it hands them over, in milliseconds, 1 to 60,000. Used by
   * `createSlackLogRecordProcessor`. Variable: `OTEL_EXPORTER_SLACK_SCHEDULE_DELAY`.
   * @default 1_000
   */
  readonly scheduledDelayMillis?: number | undefined;
}

/** The options, checked and completed once: what all parts go by. */
export interface Settings {
  /** None: the exporter is off. */
  readonly destination: Destination | undefined;
  /** 1 to 24. */
  readonly minSeverity: number;
  readonly filter: RecordFilter | undefined;
  readonly fingerprint: RecordFingerprint | undefined;
  readonly render: MessageRenderer | undefined;
  readonly traceUrl: string | undefined;
  readonly attributes: readonly string[];
  readonly timeoutMillis: number;
  readonly flushTimeoutMillis: number;
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
}
