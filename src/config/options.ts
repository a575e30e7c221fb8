import type { MeterProvider } from '@opentelemetry/api';
import type { SeverityName } from '../record/severity.js';
import type { MessageRenderer, RecordFilter, RecordFingerprint } from './callbacks.js';

/** What is hidden besides what is hidden anyway, and what is not. */
export interface RedactOptions {
  /**
   * Further names of fields whose values are secret. A `*` stands for anything; capitals do not count.
   * @default []
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Names of fields whose values are not hidden for their names; likewise. They win over `keys`.
   * @default []
   */
  readonly allowKeys?: readonly string[] | undefined;
  /**
   * What else secrets look like in texts; a string is the source of a pattern. They are tried on texts of up to 8,512
   * characters, on the app's own thread: they must take linear time.
   * @default []
   */
  readonly patterns?: readonly (RegExp | string)[] | undefined;
}

/** One place to post: a webhook, or a channel. */
export interface DestinationOptions {
  /** URL of an incoming webhook. Either this, or `channel`. */
  readonly webhookUrl?: string | undefined;
  /** Bot token with the scope `chat:write`. Default: the token at the top level, in code, environment or file. */
  readonly token?: string | undefined;
  /** A channel's id (`C0123ALERTS`), or `#name`. */
  readonly channel?: string | undefined;
  /** Base URL of the Web API. Default: that of the top level. */
  readonly apiUrl?: string | undefined;
}

/** Where records are kept until they are delivered, and how many. */
export interface SpoolingOptions {
  /** A folder for us alone; it is made when it is missing. Processes may share it. */
  readonly directory: string;
  /**
   * No more than this in the folder, in bytes, 65,536 to 1,073,741,824. Beyond it records are in memory only.
   * @default 16 MiB
   */
  readonly maxBytes?: number | undefined;
  /**
   * What is older when a process finds it is dropped as `expired`; in milliseconds, 1,000 to 2,592,000,000.
   * @default 24 hours
   */
  readonly maxAgeMillis?: number | undefined;
}

/** A severity as options name it: in capitals or not. */
export type SeverityOption = SeverityName | Lowercase<SeverityName>;

/**
 * What people are mentioned for: a problem that is `new`, one that has `regressed` (it was over), one that has
 * `escalated` (its rate has grown tenfold), and a problem that is new and `fatal`.
 */
export type MentionOccasion = 'new' | 'regressed' | 'escalated' | 'fatal';

/** Whom a message calls, and on what occasions. */
export interface MentionOptions {
  /** `here`, `channel`, ids of users (`U…`, `W…`) and of user groups (`S…`): one, or up to 20. */
  readonly who: string | readonly string[];
  /** @default all occasions */
  readonly on?: readonly MentionOccasion[] | undefined;
}

/** The hours of each day in which only FATAL goes out at once; the rest becomes one digest at their end. */
export interface QuietHoursOptions {
  /** A time zone's IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** When they begin, as a clock on the wall there shows it: `HH:MM`, 00:00 to 23:59. */
  readonly from: string;
  /** When they end, likewise. A time before `from` is one of the next day. */
  readonly to: string;
}

/** A text, a number, or a truth value: compared as text, so that `500` is the same as `'500'`. */
export type AttributeValue = string | number | boolean;

/**
 * What an attribute has to be. A value alone: equal to it, and a text with a `*` in it stands for all texts with anything
 * (or nothing) in that place. An array: one of these. `equals` and `oneOf` take a `*` for a star. `exists`: whether the
 * record has the attribute at all. An attribute that is an array is what any of its first 100 entries is.
 */
export type AttributeMatch =
  | AttributeValue
  | readonly AttributeValue[]
  | { readonly equals: AttributeValue }
  | { readonly oneOf: readonly AttributeValue[] }
  | { readonly glob: string }
  | { readonly exists: boolean };

/**
 * Which records a route takes: those of which all that is given holds. A text may be an array of texts, of which one has
 * to hold; a `*` in it stands for anything. Capitals count. What a record does not have matches nothing, not even `*`.
 * Of a long value only the first 1,000 characters are looked at.
 */
export interface RouteMatch {
  /** The band in which the severity lies: `ERROR` is 17 to 20. */
  readonly severity?: SeverityOption | readonly SeverityOption[] | undefined;
  /** The name of the logger: the instrumentation scope. */
  readonly scope?: string | readonly string[] | undefined;
  /** The resource's `service.name`. */
  readonly service?: string | readonly string[] | undefined;
  readonly eventName?: string | readonly string[] | undefined;
  /** The class of the error. */
  readonly exceptionType?: string | readonly string[] | undefined;
  /** Attributes of the record, by their keys. */
  readonly attributes?: Readonly<Record<string, AttributeMatch>> | undefined;
}

/** A destination of its own for some records. Two routes to one destination agree on whom they mention and so on. */
export interface RouteOptions extends DestinationOptions {
  /** Without it the route takes every record. */
  readonly match?: RouteMatch | undefined;
  /** The lowest severity that the route takes. What is below goes on to the next route. Default: that of the top level. */
  readonly minSeverity?: SeverityOption | number | undefined;
  /**
   * What this route takes goes on to the next ones too, and at last to the destination at the top level.
   * @default false
   */
  readonly continue?: boolean | undefined;
  /** Default: that of the top level; `false`: nobody. */
  readonly mention?: MentionOptions | false | undefined;
  /** Default: those of the top level; `false`: none. */
  readonly quietHours?: QuietHoursOptions | false | undefined;
  /** Default: that of the top level, unless it is this very destination; `false`: none. */
  readonly fallback?: DestinationOptions | false | undefined;
}

/**
 * All options. Everything but functions and `selfObsMeterProvider` can be written as JSON, in the file that `OTEL_EXPORTER_SLACK_CONFIG` names; what
 * is a single value or a list has an environment variable too: `minSeverity` is `OTEL_EXPORTER_SLACK_MIN_SEVERITY`, and
 * so on. Code wins over the environment, and that over the file; an empty variable is the same as none.
 */
export interface SlackExporterOptions {
  /**
   * URL of an incoming webhook. Either this, or `token` and `channel`.
   * Variable: `OTEL_EXPORTER_SLACK_WEBHOOK_URL`. Without any destination the exporter is off.
   */
  readonly webhookUrl?: string | undefined;
  /**
   * Bot token (`xoxb-…`) with the scope `chat:write`, and `reactions:read` for answers by reaction.
   * Variable: `OTEL_EXPORTER_SLACK_TOKEN`.
   */
  readonly token?: string | undefined;
  /**
   * Where to post with the token: a channel's id (`C0123ALERTS`), or `#name`. The bot has to be in it (`/invite @app`).
   * Variable: `OTEL_EXPORTER_SLACK_CHANNEL`.
   */
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
  readonly minSeverity?: SeverityOption | number | undefined;
  /**
   * Destinations for some of the records. A record goes to the first route that matches it, and further only when that
   * one says `continue`; what no route takes goes to the destination at the top level, or nowhere when there is none.
   * At most 100. Only in code and in the JSON file.
   * @default []
   */
  readonly routes?: readonly RouteOptions[] | undefined;
  /**
   * Whom to mention on what occasions; `false`: nobody. Variable: `OTEL_EXPORTER_SLACK_MENTION`, who it is, separated by
   * commas, on all occasions.
   * @default false
   */
  readonly mention?: MentionOptions | false | undefined;
  /**
   * Hours in which only FATAL goes out at once; `false`: none. Only in code and in the JSON file.
   * @default false
   */
  readonly quietHours?: QuietHoursOptions | false | undefined;
  /**
   * Takes over from a destination that a person must mend first (an archived channel, a webhook that was revoked);
   * `false`: none. Only in code and in the JSON file.
   * @default false
   */
  readonly fallback?: DestinationOptions | false | undefined;
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
   * Attributes of records that are neither kept nor shown, not as an exception either: keys, in which a `*` stands for
   * anything. Variable: `OTEL_EXPORTER_SLACK_DENY_ATTRIBUTES`, separated by commas.
   * @default []
   */
  readonly denyAttributes?: readonly string[] | undefined;
  /**
   * Whether secrets are hidden: values of fields whose names say so (`password`, `api_key`), at any depth, and what looks
   * like one in any text (tokens, private keys, card numbers, passwords in URLs). `filter`, `fingerprint` and `routes` see
   * records as they are; what is kept, and `render` gets, is redacted. Variable: `OTEL_EXPORTER_SLACK_REDACT`, `true` or
   * `false`.
   * @default true
   */
  readonly redact?: boolean | RedactOptions | undefined;
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
   * When the process ends without a shutdown (`process.exit()`, an exception that nobody handles, nothing left to do),
   * what is not delivered yet, and the exception, are sent from a thread of their own, for at most two seconds.
   * Variable: `OTEL_EXPORTER_SLACK_LAST_WORDS`.
   * @default false
   */
  readonly lastWords?: boolean | undefined;
  /**
   * Keeps what is accepted on the disk until it is delivered, so that it outlives the process however it ends; `false`: in
   * memory only. Variable: `OTEL_EXPORTER_SLACK_SPOOL_DIRECTORY`, the folder.
   * @default false
   */
  readonly spool?: SpoolingOptions | false | undefined;
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
  /**
   * Gets metrics of ourselves: how many records wait, were delivered and dropped, and how long requests took, under the
   * names that OpenTelemetry's conventions have for exporters and processors. Only in code. One that throws is warned of
   * once, and there are no metrics.
   * @default none
   */
  readonly selfObsMeterProvider?: MeterProvider | undefined;
}
