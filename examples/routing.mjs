// Routes: what concerns payments goes to their channel, the rest to #alerts. The token is that of the variable
// OTEL_EXPORTER_SLACK_TOKEN. The same options can stand in a JSON file, named by OTEL_EXPORTER_SLACK_CONFIG.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor({
  channel: '#alerts',
  routes: [
    // Everything fatal is for #general too: `continue` lets it go on to the next routes.
    { channel: '#general', match: { severity: 'FATAL' }, continue: true },
    {
      channel: '#payments',
      match: { attributes: { 'app.team': 'payments', 'http.route': { glob: '/carts/*' } } },
      minSeverity: 'WARN',
      mention: { who: 'here', on: ['fatal'] },
      // Takes over when a person must mend the other one: it is archived, or the bot was put out.
      fallback: { channel: '#alerts' },
    },
  ],
});
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('carts');
const payments = { 'app.team': 'payments', 'http.route': '/carts/:id/pay' };

logger.emit({ severityNumber: 13, body: 'the bank is slow', attributes: payments });
logger.emit({ severityNumber: 13, body: 'the search is slow' }); // no route wants it: #alerts begins with errors
logger.emit({ severityNumber: 17, body: 'the search is broken' });
logger.emit({ severityNumber: 21, body: 'the stock is gone' });

await provider.shutdown();

for (const [channel, { delivered }] of Object.entries(slack.stats().destinations)) {
  console.log(`${channel}: ${delivered} delivered`);
}
