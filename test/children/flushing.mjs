// An app that flushes for each request. Started by flushing.test.ts with --expose-gc, with what is built. Prints how many bytes
// of the heap each call left behind.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor, SlackLogRecordExporter } from 'opentelemetry-exporter-slack';

const [, , how, calls, options] = process.argv;
const slack =
  how === 'exporter'
    ? new SlackLogRecordExporter(JSON.parse(options))
    : createSlackLogRecordProcessor(JSON.parse(options));
const logger = new LoggerProvider({ processors: how === 'exporter' ? [] : [slack] }).getLogger('app');
if (how === 'pending') {
  logger.emit({ severityNumber: 17, body: 'disk is full' });
  while (slack.stats().requests === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function flush(count) {
  for (let at = 0; at < count; at++) await slack.forceFlush();
}

async function heapUsed() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

await flush(Number(calls) / 10);
const before = await heapUsed();
await flush(Number(calls));
console.log(((await heapUsed()) - before) / Number(calls));
process.exit(0);
