// Routes: what concerns payments goes to their channel, what is fatal to those on call, the rest to #alerts. The token is
// that of OTEL_EXPORTER_SLACK_TOKEN. The same options can stand in a JSON file, named by OTEL_EXPORTER_SLACK_CONFIG.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const slack = createSlackLogRecordProcessor({
  channel: '#alerts',
  routes: [
    {
      channel: '#on-call',
      match: { severity: 'FATAL' },
      // Wakes whoever is there; `who` can be a group of users too: 'S0123ONCALL'.
      mention: { who: 'here', on: ['fatal'] },
      // Its team, or #alerts, shall see it as well: go on to the next routes.
      continue: true,
    },
    {
      channel: '#payments',
      match: { attributes: { 'app.team': 'payments', 'http.route': { glob: '/carts/*' } } },
      minSeverity: 'WARN',
      // Takes over while a person must mend the channel: it is archived, or the bot was put out.
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
