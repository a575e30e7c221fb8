// An ESM app as the README sets it up: NodeSDK with our processor; then with the SDK's own and our exporter.
import * as api from '@opentelemetry/api';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import { startInbox } from 'slack-inbox';
import { exportAlert } from './export-alert.cjs';

// OpenTelemetry 3 moved the logs API into its one API.
const { logs } = api.logs ? api : await import('@opentelemetry/api-logs');

const processors = [
  (destination) => createSlackLogRecordProcessor(destination),
  (destination) => new BatchLogRecordProcessor({ exporter: new SlackLogRecordExporter(destination) }),
];
for (const createProcessor of processors) {
  await exportAlert({
    startInbox,
    setUp(destination) {
      const sdk = new NodeSDK({ logRecordProcessors: [createProcessor(destination)] });
      sdk.start();
      return { logger: logs.getLogger('shop'), shutdown: () => sdk.shutdown() };
    },
  });
  logs.disable();
}
