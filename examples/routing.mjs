// Routes: records about payments go to #payments, FATAL records to #on-call, all others to #alerts. The token comes from
// OTEL_EXPORTER_SLACK_TOKEN. The same options can be in a JSON file, which OTEL_EXPORTER_SLACK_CONFIG names.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor({
  channel: '#alerts',
  routes: [
    {
      channel: '#on-call',
      match: { severity: 'FATAL' },
      // Mentions @here. `who` can also be a user group: 'S0123ONCALL'.
      mention: { who: 'here', on: ['fatal'] },
      // The record also goes to the next route that matches, or to #alerts.
      continue: true,
    },
    {
      channel: '#payments',
      match: { attributes: { 'app.team': 'payments', 'http.route': { glob: '/carts/*' } } },
      minSeverity: 'WARN',
      // Used while #payments rejects messages: it is archived, or the bot was removed.
      fallback: { channel: '#alerts' },
    },
  ],
});
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('carts');
const payments = { 'app.team': 'payments', 'http.route': '/carts/:id/pay' };

logger.emit({ severityNumber: 13, body: 'the bank is slow', attributes: payments });
logger.emit({ severityNumber: 13, body: 'the search is slow' }); // no route takes it, and #alerts takes ERROR and above
logger.emit({ severityNumber: 17, body: 'the search is broken' });
logger.emit({ severityNumber: 21, body: 'the stock is gone' });

await provider.shutdown();

for (const [channel, { delivered }] of Object.entries(slack.stats().destinations)) {
  console.log(`${channel}: ${delivered} delivered`);
}
