export type {
  MessageRenderer,
  RecordFilter,
  RecordFingerprint,
  RenderGroup,
  RenderTotals,
} from './config/callbacks.js';
export type {
  AttributeMatch,
  AttributeValue,
  DestinationOptions,
  MentionOccasion,
  MentionOptions,
  QuietHoursOptions,
  RedactOptions,
  RouteMatch,
  RouteOptions,
  SeverityOption,
  SlackExporterOptions,
  SpoolingOptions,
} from './config/options.js';
export { SlackLogRecordExporter } from './exporter.js';
export { createSlackLogRecordProcessor, type SlackLogRecordProcessor, type SlackProcessorStats } from './processor.js';
export type { ReadableLogRecord } from './record/otel.js';
export type { SeverityName } from './record/severity.js';
export { escapeMrkdwn, inlineCode } from './render/mrkdwn.js';
export type { SlackMessage } from './slack/types.js';
export type { Counts, DropReason, SlackExporterStats } from './telemetry/ledger.js';
