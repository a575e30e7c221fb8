import type { MeterProvider } from '@opentelemetry/api';
import type { SeverityBand } from '../record/severity.js';
import type { RedactionRules } from '../redact/redactor.js';
import type { Destination } from '../slack/types.js';
import type { MessageRenderer, RecordFilter, RecordFingerprint } from './callbacks.js';
import type { MentionOccasion, QuietHoursOptions, RouteMatch, SpoolingOptions } from './options.js';

/** The JSON file with options: what stands in it, or why it cannot be used. */
export interface ConfigFile {
  readonly path: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly problem?: string;
}

/** What is mentioned in a message, and when. */
export interface Mention {
  /** Slack markup, ready: `<!here>`, `<!channel>`, `<@U…>`, `<!subteam^S…>`, with spaces between. */
  readonly markup: string;
  readonly on: ReadonlySet<MentionOccasion>;
}

/** See {@link QuietHoursOptions}. The times are minutes of the day; `toMinutes` may be the smaller one. */
export interface QuietHours {
  readonly timeZone: string;
  readonly fromMinutes: number;
  readonly toMinutes: number;
}

/** One destination and what holds for it. */
export interface DestinationSettings {
  readonly destination: Destination;
  readonly fallback: Destination | undefined;
  readonly mention: Mention | undefined;
  readonly quietHours: QuietHours | undefined;
}

/** A text has to be one of these, or one that a glob stands for. */
export interface TextMatch {
  readonly texts: ReadonlySet<string>;
  readonly globs: readonly string[];
}

/** What an attribute has to be. */
export type ValueMatch = TextMatch | { readonly exists: boolean };

/** See {@link RouteMatch}: all that is there has to hold. */
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

/** Records, and where they go. */
export interface Route {
  /** None: all of them. */
  readonly matches: Match | undefined;
  /** 1 to 24. */
  readonly minSeverity: number;
  /** What it takes goes on to the next routes too. */
  readonly goesOn: boolean;
  /** Routes to one destination share one object. */
  readonly target: DestinationSettings;
}

/** The options, checked and completed once: what all parts go by. */
export interface Settings {
  /** In order, the destination at the top level last. Empty: the exporter is off. */
  readonly routes: readonly Route[];
  /** The lowest that any route takes: 1 to 24. */
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
