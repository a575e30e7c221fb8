// A job that cron starts. It runs for seconds, and reports a failure to Slack and with its exit code.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const provider = new LoggerProvider({ processors: [createSlackLogRecordProcessor()] });
const logger = provider.getLogger('nightly-backup');

try {
  await backUp(['orders', 'customers']);
} catch (exception) {
  logger.emit({ severityNumber: 21, severityText: 'FATAL', body: 'backup failed', exception });
  process.exitCode = 1; // process.exit() would not wait for Slack
} finally {
  await provider.shutdown();
}

async function backUp(tables) {
  for (const table of tables) {
    if (table === 'customers') throw new Error(`no space left for ${table}`);
  }
}
