import type { MeterProvider } from '@opentelemetry/api';
import type { SeverityName } from '../record/index.js';
import type { MessageRenderer, RecordFilter, RecordFingerprint } from './callbacks.js';

/** Additions and exceptions to the built-in redaction. */
export interface RedactOptions {
  /**
   * Further names of fields whose values are secret. A `*` matches any text; case is ignored.
   * @default []
   */
  readonly keys?: readonly string[] | undefined;
  /**
   * Names of fields whose values are not redacted because of their names, with `*` as in `keys`. They win over `keys`.
   * @default []
   */
  readonly allowKeys?: readonly string[] | undefined;
  /**
   * Patterns of further secrets in texts. A string is the source of a regular expression. A pattern is matched against
   * texts of up to 8,512 characters, on the app's own thread, so it must take linear time.
   * @default []
   */
  readonly patterns?: readonly (RegExp | string)[] | undefined;
}

/** A destination: a webhook, or a channel. */
export interface DestinationOptions {
  /** URL of an incoming webhook. Set either this or `channel`. */
  readonly webhookUrl?: string | undefined;
  /** Bot token with the scope `chat:write`. Default: `token` of the top level, from any source. */
  readonly token?: string | undefined;
  /** A channel's id (`C0123ALERTS`), or `#name`. */
  readonly channel?: string | undefined;
  /** Base URL of the Web API. Default: `apiUrl` of the top level. */
  readonly apiUrl?: string | undefined;
}

/** The spool: where pending records are kept on disk, and its limits. */
export interface SpoolingOptions {
  /** The path of a folder that nothing else uses. It is created when it is missing. Several processes may share it. */
  readonly directory: string;
  /**
   * The maximum size of the folder, in bytes, 65,536 to 1,073,741,824. Further records are in memory only.
   * @default 16 MiB
   */
  readonly maxBytes?: number | undefined;
  /**
   * The maximum age of a record when a process restores it, in milliseconds, 1,000 to 2,592,000,000. An older record is
   * dropped as `expired`.
   * @default 24 hours
   */
  readonly maxAgeMillis?: number | undefined;
}

/** The name of a severity, in upper or lower case. */
export type SeverityOption = SeverityName | Lowercase<SeverityName>;

/**
 * An occasion to mention people: a problem is `new`, has `regressed` (it was over and came back), has `escalated` (its
 * rate has grown tenfold), or is new and `fatal`.
 */
export type MentionOccasion = 'new' | 'regressed' | 'escalated' | 'fatal';

/** Whom a message mentions, and on which occasions. */
export interface MentionOptions {
  /** `here`, `channel`, the id of a user (`U…`, `W…`) or of a user group (`S…`): one of these, or up to 20. */
  readonly who: string | readonly string[];
  /** @default all occasions */
  readonly on?: readonly MentionOccasion[] | undefined;
}

/** Hours of each day in which only FATAL records are posted at once. A digest at their end shows the others. */
export interface QuietHoursOptions {
  /** The IANA name of a time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** The local time of their begin in `timeZone`: `HH:MM`, 00:00 to 23:59. */
  readonly from: string;
  /** The local time of their end: `HH:MM`. A time before `from` is on the next day. */
  readonly to: string;
}

/** A string, a number or a boolean. Values are compared as text, so `500` equals `'500'`. */
export type AttributeValue = string | number | boolean;

/**
 * A condition on an attribute. A value alone matches an equal value; a `*` in it matches any text, also an empty one.
 * An array matches any of its values. In `equals` and `oneOf` a `*` has no special meaning. `exists`: whether the
 * record has the attribute. An attribute that is an array matches if any of its first 100 entries matches.
 */
export type AttributeMatch =
  | AttributeValue
  | readonly AttributeValue[]
  | { readonly equals: AttributeValue }
  | { readonly oneOf: readonly AttributeValue[] }
  | { readonly glob: string }
  | { readonly exists: boolean };

/**
 * The conditions of a route. A record must match all of them. An array matches any of its texts. A `*` in a text
 * matches any text. Matching is case-sensitive. A field that a record does not have matches nothing, not even `*`. Only
 * the first 1,000 characters of a value are compared.
 */
export interface RouteMatch {
  /** The band of the severity: `ERROR` matches 17 to 20. */
  readonly severity?: SeverityOption | readonly SeverityOption[] | undefined;
  /** The name of the instrumentation scope (the logger). */
  readonly scope?: string | readonly string[] | undefined;
  /** The resource's `service.name`. */
  readonly service?: string | readonly string[] | undefined;
  readonly eventName?: string | readonly string[] | undefined;
  /** The class of the error, such as `TypeError`. */
  readonly exceptionType?: string | readonly string[] | undefined;
  /** Conditions on the record's attributes, by key. */
  readonly attributes?: Readonly<Record<string, AttributeMatch>> | undefined;
}

/**
 * A destination for some of the records. Two routes to the same destination must have the same `mention`, `quietHours`
 * and `fallback`.
 */
export interface RouteOptions extends DestinationOptions {
  /** The records that the route takes. Default: all records. */
  readonly match?: RouteMatch | undefined;
  /** The lowest severity of the route. Lower records go to the next route. Default: `minSeverity` of the top level. */
  readonly minSeverity?: SeverityOption | number | undefined;
  /**
   * Whether the records of this route also go to the next routes that match, and to the destination at the top level.
   * @default false
   */
  readonly continue?: boolean | undefined;
  /** Whom to mention; `false`: nobody. Default: `mention` of the top level. */
  readonly mention?: MentionOptions | false | undefined;
  /** Quiet hours; `false`: none. Default: `quietHours` of the top level. */
  readonly quietHours?: QuietHoursOptions | false | undefined;
  /** Fallback; `false`: none. Default: `fallback` of the top level, unless that is the destination of this route. */
  readonly fallback?: DestinationOptions | false | undefined;
}

/**
 * All options. All except functions and `selfObsMeterProvider` can be written in the JSON file that
 * `OTEL_EXPORTER_SLACK_CONFIG` names. An option that is a single value or a list also has an environment variable. Code
 * wins over the environment, and the environment over the file. An empty variable counts as absent.
 */
export interface SlackExporterOptions {
  /**
   * URL of an incoming webhook. Set either this, or `token` and `channel`. Without a destination the exporter is off.
   * Variable: `OTEL_EXPORTER_SLACK_WEBHOOK_URL`.
   */
  readonly webhookUrl?: string | undefined;
  /**
   * Bot token (`xoxb-…`) with the scope `chat:write`. Answers by reaction need `reactions:read` too.
   * Variable: `OTEL_EXPORTER_SLACK_TOKEN`.
   */
  readonly token?: string | undefined;
  /**
   * The channel to post to with `token`: its id (`C0123ALERTS`), or `#name`. The bot must be a member (`/invite @app`).
   * Variable: `OTEL_EXPORTER_SLACK_CHANNEL`.
   */
  readonly channel?: string | undefined;
  /**
   * Base URL of the Web API: https, or http on loopback.
   * Variable: `OTEL_EXPORTER_SLACK_API_URL`.
   * @default 'https://slack.com/api/'
   */
  readonly apiUrl?: string | undefined;
  /**
   * The lowest severity that goes to Slack: a name, or a severity number from 1 to 24. A record without a severity
   * number has the severity that its severity text names; without such a name it is never sent.
   * Variable: `OTEL_EXPORTER_SLACK_MIN_SEVERITY`.
   * @default 'ERROR'
   */
  readonly minSeverity?: SeverityOption | number | undefined;
  /**
   * Destinations for some of the records, at most 100. A record goes to the first route that matches it; with
   * `continue` it also goes to later ones. A record that no route takes goes to the destination at the top level, if
   * there is one. Only in code and in the JSON file.
   * @default []
   */
  readonly routes?: readonly RouteOptions[] | undefined;
  /**
   * Whom to mention, and on which occasions; `false`: nobody.
   * Variable: `OTEL_EXPORTER_SLACK_MENTION`, whom to mention on all occasions, separated by commas.
   * @default false
   */
  readonly mention?: MentionOptions | false | undefined;
  /**
   * Hours in which only FATAL records are posted at once; `false`: none. Only in code and in the JSON file.
   * @default false
   */
  readonly quietHours?: QuietHoursOptions | false | undefined;
  /**
   * The destination that takes over while a person must fix another one (an archived channel, a revoked webhook);
   * `false`: none. Only in code and in the JSON file.
   * @default false
   */
  readonly fallback?: DestinationOptions | false | undefined;
  /** Returns false for a record that must not be sent. If it throws, one warning is logged and the record is sent. */
  readonly filter?: RecordFilter | undefined;
  /**
   * Returns the fingerprint of a record: equal fingerprints are one problem. The attribute `slack.fingerprint` sets it
   * for a single record. If the function throws or returns no text, one warning is logged and the built-in fingerprint
   * is used.
   */
  readonly fingerprint?: RecordFingerprint | undefined;
  /**
   * Returns the message to post instead of the built-in one. If it throws or the message exceeds a limit of Slack, one
   * warning is logged and the built-in message is posted.
   */
  readonly render?: MessageRenderer | undefined;
  /**
   * Link to a trace: an http(s) URL with `{traceId}` and optionally `{spanId}`. Default: only the trace id is shown.
   * Variable: `OTEL_EXPORTER_SLACK_TRACE_URL`.
   */
  readonly traceUrl?: string | undefined;
  /**
   * Attributes to show besides those that a message always shows (request, user, code location, …): keys, or prefixes
   * of keys that end with `*`.
   * Variable: `OTEL_EXPORTER_SLACK_ATTRIBUTES`, separated by commas.
   * @default []
   */
  readonly attributes?: readonly string[] | undefined;
  /**
   * Keys of attributes that are neither kept nor shown, also in an exception. A `*` matches any text.
   * Variable: `OTEL_EXPORTER_SLACK_DENY_ATTRIBUTES`, separated by commas.
   * @default []
   */
  readonly denyAttributes?: readonly string[] | undefined;
  /**
   * Whether secrets are redacted: the values of fields with secret names (`password`, `api_key`) at any depth, and
   * secrets in any text (tokens, private keys, card numbers, passwords in URLs). `filter`, `fingerprint` and `routes`
   * get the original records. Everything that is kept in memory or on disk, and everything that `render` gets, is
   * redacted.
   * Variable: `OTEL_EXPORTER_SLACK_REDACT`, `true` or `false`.
   * @default true
   */
  readonly redact?: boolean | RedactOptions | undefined;
  /**
   * The timeout of one request to Slack, in milliseconds, 1 to 60,000.
   * Variable: `OTEL_EXPORTER_SLACK_TIMEOUT`.
   * @default 10_000
   */
  readonly timeoutMillis?: number | undefined;
  /**
   * The timeout of a `forceFlush()` or a `shutdown()`, in milliseconds, 1 to 600,000.
   * Variable: `OTEL_EXPORTER_SLACK_FLUSH_TIMEOUT`.
   * @default 10_000
   */
  readonly flushTimeoutMillis?: number | undefined;
  /**
   * Whether a process that ends without a shutdown (`process.exit()`, an uncaught exception, an empty event loop) sends
   * its pending records and the exception from a separate thread. This takes at most two seconds.
   * Variable: `OTEL_EXPORTER_SLACK_LAST_WORDS`.
   * @default false
   */
  readonly lastWords?: boolean | undefined;
  /**
   * Keeps pending records on disk, so that they survive any end of the process; `false`: in memory only.
   * Variable: `OTEL_EXPORTER_SLACK_SPOOL_DIRECTORY`, the path of the folder.
   * @default false
   */
  readonly spool?: SpoolingOptions | false | undefined;
  /**
   * The maximum number of records in flight to the exporter, 1 to 1,000,000. Further records are dropped as
   * `queue_full`, except those that equal one in flight. Used by `createSlackLogRecordProcessor`.
   * Variable: `OTEL_EXPORTER_SLACK_MAX_QUEUE_SIZE`.
   * @default 2_048
   */
  readonly maxQueueSize?: number | undefined;
  /**
   * The maximum number of records in one batch, 1 to `maxQueueSize`. Used by `createSlackLogRecordProcessor`.
   * Variable: `OTEL_EXPORTER_SLACK_MAX_EXPORT_BATCH_SIZE`.
   * @default 512
   */
  readonly maxExportBatchSize?: number | undefined;
  /**
   * The delay between two batches, in milliseconds, 1 to 60,000. Used by `createSlackLogRecordProcessor`.
   * Variable: `OTEL_EXPORTER_SLACK_SCHEDULE_DELAY`.
   * @default 1_000
   */
  readonly scheduledDelayMillis?: number | undefined;
  /**
   * Receives metrics of the exporter and the processor: pending, delivered and dropped records, and the duration of
   * requests. Their names follow OpenTelemetry's semantic conventions. If the provider throws, one warning is logged
   * and there are no metrics. Only in code.
   * @default none
   */
  readonly selfObsMeterProvider?: MeterProvider | undefined;
}
