// A link from the message to the trace, in Jaeger, Grafana, Honeycomb or another tracing system.
import { context, TraceFlags, trace } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const processor = createSlackLogRecordProcessor({
  // Or the variable OTEL_EXPORTER_SLACK_TRACE_URL.
  traceUrl: 'https://jaeger.example.org/trace/{traceId}?uiFind={spanId}',
});
const provider = new LoggerProvider({ processors: [processor] });
const logger = provider.getLogger('search');

// In an app, the SDK takes the active span. Only this example has to pass a context.
const span = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: TraceFlags.SAMPLED,
};
logger.emit({
  severityNumber: 17,
  body: 'search took longer than 5 s',
  context: trace.setSpanContext(context.active(), span),
});

await provider.shutdown();
