// An ESM app, set up as in the README: NodeSDK with our processor, then with the SDK's own processor and our exporter.
import * as api from '@opentelemetry/api';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';
import { startInbox } from 'slack-inbox';
import { exportAlert } from './export-alert.cjs';

// In OpenTelemetry 3, the logs API is part of @opentelemetry/api.
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
