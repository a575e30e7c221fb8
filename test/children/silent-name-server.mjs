// An app whose name server does not answer. Started by name-server.test.ts in its own mount namespace, with what is built.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

const [, , server, destinations, lastWords] = process.argv;
const silent = createSocket('udp4');
let questions = 0;
silent.on('message', () => questions++);
silent.bind(53, server);
silent.unref();
await once(silent, 'listening');

const processors = Array.from({ length: Number(destinations) }, (_, at) =>
  createSlackLogRecordProcessor({
    webhookUrl: `https://slack${at}.test/services/T0/B0/x`,
    scheduledDelayMillis: 20,
    lastWords: lastWords === 'true',
  }),
);
const logger = new LoggerProvider({ processors }).getLogger('app');
logger.emit({ severityNumber: 17, body: 'disk is full' });
while (questions === 0) await new Promise((resolve) => setTimeout(resolve, 10));
let worstMillis = 0;
for (let at = 0; at < 20; at++) {
  const startedAt = performance.now();
  await Promise.all([lookup('localhost'), readFile('/etc/hosts')]);
  worstMillis = Math.max(worstMillis, performance.now() - startedAt);
  await new Promise((resolve) => setTimeout(resolve, 200));
}
console.log(JSON.stringify({ worstMillis, questions, pending: processors.map((each) => each.stats().pending) }));
process.exit(3);
