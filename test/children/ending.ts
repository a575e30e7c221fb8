// An app that ends in the way its first argument names, while Slack behaves as the test needs. Started by
// ending.test.ts.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/index.js';
import { word } from '../support/words.js';

const [, , how = '', webhookUrl = ''] = process.argv;
const slack = createSlackLogRecordProcessor({ webhookUrl, flushTimeoutMillis: 2_000 });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('ending');

function emit(count: number): void {
  for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body: `problem ${word(at)}` });
}

const ENDINGS: Readonly<Record<string, () => void | Promise<void>>> = {
  /** Slack hangs, the queue is full, and the app flushes and shuts down. */
  async 'flush and shut down'() {
    emit(2_048);
    const from = performance.now();
    await provider.forceFlush();
    await provider.shutdown();
    const ended = performance.now() - from;
    console.log(JSON.stringify({ ended, stats: slack.stats() }));
  },
  /** The app has nothing more to do while a request of ours hangs, and does not shut down. */
  async 'run out'() {
    emit(1);
    while (slack.stats().requests === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    console.log('{}');
  },
  /** Nothing was ever logged. */
  idle() {
    console.log('{}');
  },
};

await ENDINGS[how]?.();
