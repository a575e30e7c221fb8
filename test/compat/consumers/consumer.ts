// A user's code that uses the whole public API. scripts/test-compat.mjs compiles it against the packed tarball, as .ts, .mts
// and .cts, with every module resolution. It is never run.
import { metrics } from '@opentelemetry/api';
import type { LogRecordExporter, LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { BatchLogRecordProcessor, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type {
  Counts,
  DropReason,
  MessageRenderer,
  ReadableLogRecord,
  RecordFilter,
  RenderGroup,
  RouteOptions,
  SeverityName,
  SlackExporterOptions,
  SlackExporterStats,
  SlackLogRecordProcessor,
  SlackMessage,
  SlackProcessorStats,
} from 'opentelemetry-exporter-slack';
import { createSlackLogRecordProcessor, escapeMrkdwn, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import type { Fault, Inbox, InboxMessage, InboxOptions, InboxRequest } from 'slack-inbox';
import { startInbox } from 'slack-inbox';

const filter: RecordFilter = (record: ReadableLogRecord) => record.attributes['http.route'] !== '/health';

const render: MessageRenderer = (groups: readonly RenderGroup[], standard: SlackMessage): SlackMessage => ({
  ...standard,
  text: groups.map((group) => `${escapeMrkdwn(group.id)} ${group.count.toFixed(0)}`).join('\n'),
});

const minSeverity: SeverityName = 'WARN';

const route: RouteOptions = {
  channel: '#payments',
  match: { severity: ['ERROR', 'fatal'], service: 'pay*', attributes: { tier: { oneOf: ['gold', 1] }, test: false } },
  mention: false,
};

const options: SlackExporterOptions = {
  token: process.env.SLACK_TOKEN,
  channel: 'C0123ALERTS',
  minSeverity,
  routes: [route],
  mention: { who: ['here'], on: ['new', 'fatal'] },
  quietHours: { timeZone: 'Europe/Berlin', from: '22:00', to: '07:00' },
  fallback: { channel: '#ops' },
  filter,
  render,
  selfObsMeterProvider: metrics.getMeterProvider(),
  traceUrl: 'https://traces.example/{traceId}',
  attributes: ['tenant.*'],
  timeoutMillis: 5_000,
  flushTimeoutMillis: 5_000,
  maxQueueSize: 100,
  maxExportBatchSize: 10,
  scheduledDelayMillis: 500,
};

export const whole: SlackLogRecordProcessor = createSlackLogRecordProcessor(options);
export const whateverTheEnvironmentSays = new LoggerProvider({ processors: [createSlackLogRecordProcessor()] });
export const provider = new LoggerProvider({ processors: [whole] });
export const processor: LogRecordProcessor = whole;

export const exporter = new SlackLogRecordExporter({ webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' });
export const asExporter: LogRecordExporter = exporter;
export const byHand = new LoggerProvider({
  processors: [new BatchLogRecordProcessor({ exporter: new SlackLogRecordExporter() })],
});
// SimpleLogRecordProcessor accepts `{ exporter }` since 0.220.
export const simple = new SimpleLogRecordProcessor({ exporter: new SlackLogRecordExporter({ minSeverity: 17 }) });

const stats: SlackExporterStats = exporter.stats();
const processorStats: SlackProcessorStats = whole.stats();
const perDestination: Readonly<Record<string, Counts>> = stats.destinations;
const queueFull: DropReason = 'queue_full';
const figures: readonly (number | undefined)[] = [
  ...[stats.accepted, stats.delivered, stats.pending, stats.requests, stats.throttled, stats.dropped[queueFull]],
  ...[processorStats.emitted, processorStats.filtered, Object.keys(perDestination).length],
];

export async function tryItOut(): Promise<readonly string[]> {
  const faults: Fault[] = [{ kind: 'reset' }];
  const inboxOptions: InboxOptions = { port: 0, faults, rateLimit: false };
  const inbox: Inbox = await startInbox(inboxOptions);
  const { apiUrl, token, channel, webhookUrl, url } = inbox;
  const local = new SlackLogRecordExporter({ apiUrl, token, channel });
  await local.forceFlush();
  await local.shutdown();
  const messages: readonly InboxMessage[] = inbox.messages();
  const requests: readonly InboxRequest[] = inbox.requests();
  await inbox.close();
  return [url, webhookUrl, ...messages.map(({ text }) => text), ...requests.map(({ method }) => method), `${figures}`];
}

// @ts-expect-error: an option that does not exist
export const misspelt: SlackExporterOptions = { webHookUrl: '' };
// @ts-expect-error: a severity that does not exist
export const unheardOf: SlackExporterOptions = { minSeverity: 'LOUD' };
