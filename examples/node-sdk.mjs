// NodeSDK with OTLP and Slack side by side: all records go to the log store, errors also go to Slack.
// OTEL_EXPORTER_OTLP_ENDPOINT is the address of the log store.
import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const sdk = new NodeSDK({
  resource: resourceFromAttributes({
    'service.name': 'checkout',
    'service.version': '2.7.0',
    'deployment.environment.name': 'staging',
  }),
  logRecordProcessors: [
    new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() }),
    createSlackLogRecordProcessor(),
  ],
  // This example has only logs: no traces, no metrics.
  spanProcessors: [],
  metricReaders: [],
});
sdk.start();

const logger = logs.getLogger('checkout');
logger.emit({ severityNumber: 9, severityText: 'INFO', body: 'cart 88 was opened' });
logger.emit({
  severityNumber: 17,
  severityText: 'ERROR',
  body: 'cart 88 could not be paid',
  attributes: { 'http.request.method': 'POST', 'http.route': '/carts/:id/pay', 'http.response.status_code': 502 },
});

// NodeSDK installs no signal handlers. Without this handler, a deploy loses pending records.
process.once('SIGTERM', () => sdk.shutdown());
await sdk.shutdown();
