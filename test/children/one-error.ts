// An app that logs one error to the webhook of its first argument and shuts down. Started by tls.test.ts.
import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/index.js';

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
const slack = createSlackLogRecordProcessor({ webhookUrl: process.argv[2], flushTimeoutMillis: 1_500 });
const provider = new LoggerProvider({ processors: [slack] });
provider.getLogger('app').emit({ severityNumber: 17, body: 'disk is full' });
await provider.shutdown();
console.log(JSON.stringify(slack.stats()));
