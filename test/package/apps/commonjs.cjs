// The same as esm.mjs, as CommonJS.
const api = require('@opentelemetry/api');
const { BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { createSlackLogRecordProcessor, SlackLogRecordExporter } = require('opentelemetry-exporter-slack');
const { startInbox } = require('slack-inbox');
const { exportAlert } = require('./export-alert.cjs');

const { logs } = api.logs ? api : require('@opentelemetry/api-logs');

const processors = [
  (destination) => createSlackLogRecordProcessor(destination),
  (destination) => new BatchLogRecordProcessor({ exporter: new SlackLogRecordExporter(destination) }),
];
async function main() {
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
}

main();
