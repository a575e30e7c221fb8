// Which records are one problem: by default those that come from the same place in the code, or that say the same.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

/** Names the problem of a record; `standard` is the name that it has otherwise. */
function fingerprint({ attributes }, standard) {
  // All tenants go through the same code: a problem of each tenant's own.
  if (attributes['tenant.id']) return `${standard} of ${attributes['tenant.id']}`;
  // Whoever finds the database gone: the problem is the database.
  if (attributes['error.type'] === 'ECONNREFUSED') return `no connection to ${attributes['server.address']}`;
  return standard;
}

// What tells two problems apart should be shown as well.
const slack = createSlackLogRecordProcessor({ fingerprint, attributes: ['tenant.id'] });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('reports');
const error = (body, attributes) => logger.emit({ severityNumber: 17, body, attributes });

// Two problems, though the words are the same.
error('report failed', { 'tenant.id': 'acme' });
error('report failed', { 'tenant.id': 'acme' });
error('report failed', { 'tenant.id': 'globex' });

// One problem, though the words differ.
const gone = { 'error.type': 'ECONNREFUSED', 'server.address': 'db-1' };
error('sessions cannot be read', gone);
error('audit log cannot be written', gone);

// Where the record is written is the best place to know: an attribute, and no option is needed.
for (const what of ['Monday is missing', 'the total is wrong', 'nobody signed']) {
  error(`weekly report: ${what}`, { 'slack.fingerprint': 'weekly report' });
}

await provider.shutdown();
