// Started by start-up.ts: imports the SDK and makes a provider (`floor`), or the exporter and a processor besides (`ours`).
// Prints milliseconds and bytes as JSON.
const [, , arm] = process.argv;
const bytesBefore = memory();
const startedMillis = performance.now();
const { diag } = await import('@opentelemetry/api');
const { LoggerProvider } = await import('@opentelemetry/sdk-logs');
const processors = [];
if (arm === 'ours') {
  const { createSlackLogRecordProcessor } = await import('opentelemetry-exporter-slack');
  processors.push(createSlackLogRecordProcessor({ webhookUrl: 'https://hooks.slack.com/services/T000/B000/abc' }));
}
const provider = new LoggerProvider({ processors });
const millis = performance.now() - startedMillis;
console.log(JSON.stringify({ millis, bytes: memory() - bytesBefore, used: [diag, provider].length }));

function memory() {
  gc();
  gc();
  return process.memoryUsage().rss;
}
