// An app with sdk-node, installed by pnpm. The app does not declare sdk-logs, so our package uses that of sdk-node.
import * as api from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
import { startInbox } from 'slack-inbox';
import { exportAlert } from './export-alert.cjs';

// In OpenTelemetry 3, the logs API is part of @opentelemetry/api.
const { logs } = api.logs ? api : await import('@opentelemetry/api-logs');

await exportAlert({
  startInbox,
  setUp(destination) {
    const sdk = new NodeSDK({ logRecordProcessors: [createSlackLogRecordProcessor(destination)] });
    sdk.start();
    return { logger: logs.getLogger('shop'), shutdown: () => sdk.shutdown() };
  },
});
