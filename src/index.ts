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
} from './config/index.js';
export { SlackLogRecordExporter } from './exporter.js';
export { createSlackLogRecordProcessor, type SlackLogRecordProcessor, type SlackProcessorStats } from './processor.js';
export type { ReadableLogRecord, SeverityName } from './record/index.js';
export { escapeMrkdwn, inlineCode } from './render/index.js';
export type { SlackMessage } from './slack/index.js';
export type { Counts, DropReason, SlackExporterStats } from './telemetry/index.js';
