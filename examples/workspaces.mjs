// Several workspaces: your own, and that of a customer who gets the records about them. Each has its own bot token.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor({
  // Your own workspace, with the token of OTEL_EXPORTER_SLACK_TOKEN.
  channel: '#alerts',
  routes: [
    {
      token: process.env.ACME_SLACK_TOKEN,
      channel: '#shop-status',
      apiUrl: process.env.ACME_SLACK_API_URL, // only needed with a local Slack
      match: { attributes: { 'tenant.id': 'acme' } },
      minSeverity: 'FATAL',
      continue: true, // #alerts gets the record, too
    },
  ],
});
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('tenants');

logger.emit({ severityNumber: 17, body: 'a report is late', attributes: { 'tenant.id': 'acme' } });
logger.emit({ severityNumber: 21, body: 'the shop is down', attributes: { 'tenant.id': 'acme' } });
logger.emit({ severityNumber: 21, body: 'the till is down', attributes: { 'tenant.id': 'globex' } });

await provider.shutdown();
