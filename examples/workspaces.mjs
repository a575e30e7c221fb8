// Several workspaces: our own, and that of a customer who wants to hear of what concerns them. Each has a bot token.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor({
  // Ours: OTEL_EXPORTER_SLACK_TOKEN.
  channel: '#alerts',
  routes: [
    {
      token: process.env.ACME_SLACK_TOKEN,
      channel: '#shop-status',
      apiUrl: process.env.ACME_SLACK_API_URL, // only to try this with a local Slack
      match: { attributes: { 'tenant.id': 'acme' } },
      minSeverity: 'FATAL',
      continue: true, // we want to hear of it as well
    },
  ],
});
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('tenants');

logger.emit({ severityNumber: 17, body: 'a report is late', attributes: { 'tenant.id': 'acme' } });
logger.emit({ severityNumber: 21, body: 'the shop is down', attributes: { 'tenant.id': 'acme' } });
logger.emit({ severityNumber: 21, body: 'the till is down', attributes: { 'tenant.id': 'globex' } });

await provider.shutdown();
