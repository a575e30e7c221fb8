// The code that an app adds: `node --import ./instrumentation.ts service.ts` (in a compiled app: the .js files).
import { register } from 'node:module';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// With ES modules, the instrumentation needs this hook to reach pino.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

/** OTEL_EXPORTER_SLACK_TOKEN and OTEL_EXPORTER_SLACK_CHANNEL set the destination. */
export const slack = createSlackLogRecordProcessor({ attributes: ['order.*', 'payment.*', 'job.name'] });

/** The demo exports no traces. Their ids are in the logs nevertheless. */
const nowhere = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

export const sdk = new NodeSDK({
  resource: resourceFromAttributes({
    'service.name': 'shop',
    'service.version': '1.4.2',
    'deployment.environment.name': process.env.NODE_ENV ?? 'production',
  }),
  instrumentations: [new PinoInstrumentation()],
  logRecordProcessors: [slack],
  spanProcessors: [nowhere],
  metricReaders: [],
});

sdk.start();
