// Which records are one problem? By default those from the same place in the code, or with the same text.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

/** Returns the fingerprint of a record. `standard` is the fingerprint that the exporter would use. */
function fingerprint({ attributes }, standard) {
  // All tenants share the same code. Each tenant gets a problem of its own.
  if (attributes['tenant.id']) return `${standard} of ${attributes['tenant.id']}`;
  // Many places notice that the database is down. They are one problem.
  if (attributes['error.type'] === 'ECONNREFUSED') return `no connection to ${attributes['server.address']}`;
  return standard;
}

// `attributes` shows the tenant, so that a reader can tell the problems apart.
const slack = createSlackLogRecordProcessor({ fingerprint, attributes: ['tenant.id'] });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('reports');
const error = (body, attributes) => logger.emit({ severityNumber: 17, body, attributes });

// The same text, but two problems.
error('report failed', { 'tenant.id': 'acme' });
error('report failed', { 'tenant.id': 'acme' });
error('report failed', { 'tenant.id': 'globex' });

// Different texts, but one problem.
const gone = { 'error.type': 'ECONNREFUSED', 'server.address': 'db-1' };
error('sessions cannot be read', gone);
error('audit log cannot be written', gone);

// The code that logs can set the fingerprint as an attribute. This needs no option.
for (const what of ['Monday is missing', 'the total is wrong', 'nobody signed']) {
  error(`weekly report: ${what}`, { 'slack.fingerprint': 'weekly report' });
}

await provider.shutdown();
