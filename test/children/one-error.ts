// An app that logs one error to the webhook of its first argument and ends in order, or with last words when the second
// argument is `exit`. Started by tls.test.ts.
import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/index.js';

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
const slack = createSlackLogRecordProcessor({
  webhookUrl: process.argv[2],
  flushTimeoutMillis: 1_500,
  lastWords: true,
});
const provider = new LoggerProvider({ processors: [slack] });
provider.getLogger('app').emit({ severityNumber: 17, body: 'disk is full' });
if (process.argv[3] === 'exit') process.exit();
await provider.shutdown();
console.log(JSON.stringify(slack.stats()));
