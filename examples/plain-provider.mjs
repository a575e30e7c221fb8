// The shortest code. OTEL_EXPORTER_SLACK_WEBHOOK_URL (or …_TOKEN and …_CHANNEL) sets the destination.
import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// OpenTelemetry shows no warnings by default. With this line it warns, for example, that no destination is set.
diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

const provider = new LoggerProvider({ processors: [createSlackLogRecordProcessor()] });
const logger = provider.getLogger('billing');

logger.emit({ severityNumber: SeverityNumber.INFO, body: 'invoice run started' });
logger.emit({ severityNumber: SeverityNumber.ERROR, body: 'invoice 2026-114 could not be sent' });

// Delivers the pending records, in at most 10 s. Never rejects.
await provider.shutdown();
