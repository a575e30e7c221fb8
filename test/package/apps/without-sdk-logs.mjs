// An app in which our package cannot find sdk-logs: the exporter works, and the processor throws an error with the remedy.
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { logs as sdkLogs } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import { startInbox } from 'slack-inbox';
import { exportAlert } from './export-alert.cjs';

const ours = realpathSync(fileURLToPath(import.meta.resolve('opentelemetry-exporter-slack')));
assert.throws(() => createRequire(ours).resolve('@opentelemetry/sdk-logs'), { code: 'MODULE_NOT_FOUND' });

await exportAlert({
  startInbox,
  setUp(destination) {
    const exporter = new SlackLogRecordExporter(destination);
    const processor = new sdkLogs.BatchLogRecordProcessor({ exporter });
    const provider = new sdkLogs.LoggerProvider({ processors: [processor] });
    return { logger: provider.getLogger('shop'), shutdown: () => provider.shutdown() };
  },
});

assert.throws(
  () => createSlackLogRecordProcessor({ webhookUrl: 'https://hooks.slack.com/services/T000/B000/abc' }),
  /expected @opentelemetry\/sdk-logs to be installed.*npm install @opentelemetry\/sdk-logs/,
);
