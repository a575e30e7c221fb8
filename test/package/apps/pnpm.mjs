// An app with sdk-node alone, under pnpm: nobody declared sdk-logs, and our package finds sdk-node's.
import * as api from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
import { startInbox } from 'slack-inbox';
import { exportAlert } from './export-alert.cjs';

// OpenTelemetry 3 moved the logs API into its one API.
const { logs } = api.logs ? api : await import('@opentelemetry/api-logs');

await exportAlert({
  startInbox,
  setUp(destination) {
    const sdk = new NodeSDK({ logRecordProcessors: [createSlackLogRecordProcessor(destination)] });
    sdk.start();
    return { logger: logs.getLogger('shop'), shutdown: () => sdk.shutdown() };
  },
});
