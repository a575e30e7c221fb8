import type { MeterProvider } from '@opentelemetry/api';
import type { SeverityBand } from '../record/index.js';
import type { RedactionRules } from '../redact/index.js';
import type { Destination } from '../slack/index.js';
import type { MessageRenderer, RecordFilter, RecordFingerprint } from './callbacks.js';
import type { MentionOccasion, QuietHoursOptions, RouteMatch, SpoolingOptions } from './options.js';

/** The JSON file: its options, or the problem why it cannot be used. */
export interface ConfigFile {
  readonly path: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** Whom a message mentions, and on which occasions. */
export interface Mention {
  /** Slack markup, separated by spaces: `<!here>`, `<!channel>`, `<@U…>`, `<!subteam^S…>`. */
  readonly markup: string;
  readonly on: ReadonlySet<MentionOccasion>;
}

/** See {@link QuietHoursOptions}. The times are minutes since midnight; `toMinutes` may be less than `fromMinutes`. */
export interface QuietHours {
  readonly timeZone: string;
  readonly fromMinutes: number;
  readonly toMinutes: number;
}

/** A destination with its settings. */
export interface DestinationSettings {
  readonly destination: Destination;
  readonly fallback: Destination | undefined;
  readonly mention: Mention | undefined;
  readonly quietHours: QuietHours | undefined;
}

/** A condition on a text: it must equal one of `texts` or match one of `globs`. */
export interface TextMatch {
  readonly texts: ReadonlySet<string>;
  readonly globs: readonly string[];
}

/** A condition on an attribute. */
export type ValueMatch = TextMatch | { readonly exists: boolean };

/** See {@link RouteMatch}. A record must meet all conditions. */
export interface Match {
  readonly severity?: ReadonlySet<SeverityBand['name']>;
  readonly scope?: TextMatch;
  readonly service?: TextMatch;
  readonly eventName?: TextMatch;
  readonly exceptionType?: TextMatch;
  readonly attributes?: ReadonlyMap<string, ValueMatch>;
}

/** See {@link SpoolingOptions}. */
export interface SpoolSettings {
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxAgeMillis: number;
}

/** A destination and the records that go to it. */
export interface Route {
  /** `undefined`: all records. */
  readonly matches: Match | undefined;
  /** 1 to 24. */
  readonly minSeverity: number;
  /** Whether the records of this route also go to the next routes. */
  readonly continues: boolean;
  /** Routes to the same destination share one object. */
  readonly target: DestinationSettings;
}

/** The checked and completed options, which all parts of the exporter use. */
export interface Settings {
  /** In order of the options; the last one is the destination at the top level. Empty: the exporter is off. */
  readonly routes: readonly Route[];
  /** The lowest `minSeverity` of all routes: 1 to 24. */
  readonly minSeverity: number;
  readonly filter: RecordFilter | undefined;
  readonly fingerprint: RecordFingerprint | undefined;
  readonly render: MessageRenderer | undefined;
  readonly traceUrl: string | undefined;
  readonly attributes: readonly string[];
  readonly denyAttributes: readonly string[];
  readonly redact: RedactionRules | false;
  readonly timeoutMillis: number;
  readonly flushTimeoutMillis: number;
  readonly lastWords: boolean;
  readonly spool: SpoolSettings | false;
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly selfObsMeterProvider: MeterProvider | undefined;
}
