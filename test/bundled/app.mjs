// An app that logs one error, and ends in the way of its first argument: `exit` calls process.exit(), `shutdown` shuts
// the provider down.
import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
const [, , end, webhookUrl] = process.argv;
const slack = createSlackLogRecordProcessor({ webhookUrl, lastWords: true, flushTimeoutMillis: 2_000 });
const provider = new LoggerProvider({ processors: [slack] });
provider.getLogger('app').emit({ severityNumber: 17, body: 'disk is full' });
if (end === 'exit') {
  // A test measures how long the process lives after this line.
  console.log('exits');
  process.exit(3);
}
provider.shutdown();
