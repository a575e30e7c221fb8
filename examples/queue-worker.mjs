// A worker that takes jobs from a queue until it gets SIGTERM. Then it finishes its job and delivers its records. A
// deploy leaves it a few seconds between SIGTERM and SIGKILL.
import { setTimeout as sleep } from 'node:timers/promises';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';

// Kubernetes waits 30 s, Docker 10 s. The job and the flush must fit into that time.
const slack = createSlackLogRecordProcessor({ flushTimeoutMillis: 5_000 });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('mailer');

let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});

console.log('waiting for jobs');
for (let job = 1; !isStopping; job++) {
  try {
    await send(job);
  } catch (exception) {
    logger.emit({ severityNumber: 17, body: 'letter was not sent', exception, attributes: { job } });
  }
}

await provider.shutdown();
const { accepted, delivered } = slack.stats();
console.log(`${delivered} of ${accepted} delivered`);

async function send(job) {
  await sleep(50);
  if (job % 2 === 0) throw new Error('mailbox is full');
}
