export { SlackLogRecordExporter } from './exporter.js';
export type {
  AttributeMatch,
  AttributeValue,
  DestinationOptions,
  MentionOccasion,
  MentionOptions,
  MessageRenderer,
  QuietHoursOptions,
  RecordFilter,
  RecordFingerprint,
  RedactOptions,
  RenderGroup,
  RenderTotals,
  RouteMatch,
  RouteOptions,
  SeverityOption,
  SlackExporterOptions,
  SpoolingOptions,
} from './exporter-options.js';
export type { Counts, SlackExporterStats } from './ledger.js';
export type { DropReason, SlackMessage } from './message.js';
export { escapeMrkdwn, inlineCode } from './mrkdwn.js';
export type { ReadableLogRecord } from './otel.js';
export { createSlackLogRecordProcessor, type SlackLogRecordProcessor, type SlackProcessorStats } from './processor.js';
export type { SeverityName } from './severity.js';
