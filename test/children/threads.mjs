// An app with worker threads that all log to one channel. Started by threads.test.ts, with what is built. Each thread loads the
// exporter itself. With `main`, the main thread loads it first.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { LoggerProvider } from '@opentelemetry/sdk-logs';

async function log(name, options) {
  const { createSlackLogRecordProcessor } = await import('opentelemetry-exporter-slack');
  const slack = createSlackLogRecordProcessor(options);
  const provider = new LoggerProvider({ processors: [slack] });
  provider.getLogger(name).emit({ severityNumber: 17, body: `disk ${name} is full` });
  await slack.forceFlush();
  return { slack, provider };
}

const letters = 'abcdefgh';

if (isMainThread) {
  const [, , how, threads, optionsText] = process.argv;
  const options = JSON.parse(optionsText);
  const main = how === 'main' ? await log('main', options) : undefined;
  const workers = Array.from(
    { length: Number(threads) },
    (_, at) => new Worker(new URL(import.meta.url), { workerData: { name: letters[at], options } }),
  );
  const results = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  console.log(JSON.stringify(results));
  await Promise.all(workers.map((worker) => worker.terminate()));
  await main?.slack.shutdown();
} else {
  const { parentPort } = await import('node:worker_threads');
  const { slack } = await log(workerData.name, workerData.options);
  const { delivered, throttled } = slack.stats();
  parentPort.postMessage({ delivered, throttled });
  setInterval(() => {}, 1_000);
}
