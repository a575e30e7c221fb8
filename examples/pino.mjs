// An app that logs with pino, through OpenTelemetry's own bridge. winston and bunyan work the same way.
import { register } from 'node:module';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// With ES modules, an instrumentation needs this hook to reach a package.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const sdk = new NodeSDK({
  serviceName: 'newsletter',
  instrumentations: [new PinoInstrumentation()],
  logRecordProcessors: [createSlackLogRecordProcessor()],
  spanProcessors: [],
  metricReaders: [],
});
sdk.start();

// pino must be loaded after the SDK has started. An app puts the code above into a file of its own:
// node --import ./instrumentation.mjs app.mjs
const { default: pino } = await import('pino');
const logger = pino();

logger.info('sending 3 letters');
try {
  throw new Error('mailbox is full', { cause: new Error('452 insufficient system storage') });
} catch (err) {
  logger.error({ err, 'server.address': 'mx.example.org' }, 'letter was not delivered');
}

await sdk.shutdown();
