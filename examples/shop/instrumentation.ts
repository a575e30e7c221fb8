// What an app adds: `node --import ./instrumentation.ts service.ts` (in an app that is compiled: the .js files).
import { register } from 'node:module';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// Under ES modules an instrumentation reaches pino only through this hook.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

/** Where to post comes from OTEL_EXPORTER_SLACK_TOKEN and OTEL_EXPORTER_SLACK_CHANNEL. */
export const slack = createSlackLogRecordProcessor({ attributes: ['order.*', 'payment.*', 'job.name'] });

/** Traces go nowhere here; their ids are in the logs all the same. */
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
