// An app that logs a hundred thousand equal errors and fifty others as fast as it can. Started by storm.test.ts.
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/index.js';
import { word } from '../support/words.js';
import { rest } from './rest.mjs';

const [, , options = '{}', equal = '0', distinct = '0'] = process.argv;
const slack = createSlackLogRecordProcessor(JSON.parse(options));
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('storm');
const each = Math.max(1, Math.floor(Number(equal) / Number(distinct)));

// The first message loads and compiles code. The measurement begins when the memory of the process is stable.
logger.emit({ severityNumber: 17, body: 'warm-up' });
await provider.forceFlush();
await rest();
const before = process.memoryUsage().rss;
let peak = before;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 5);

let emitted = 1;
let made = 0;
for (let at = 0; at < Number(equal); at++) {
  logger.emit({ severityNumber: 17, body: 'the payment provider is down' });
  emitted++;
  if (at % each === 0 && made < Number(distinct)) {
    logger.emit({ severityNumber: 17, body: `problem ${word(made++)}` });
    emitted++;
  }
}
for (; made < Number(distinct); made++) {
  logger.emit({ severityNumber: 17, body: `problem ${word(made)}` });
  emitted++;
}
peak = Math.max(peak, process.memoryUsage().rss);
process.send?.({ kind: 'emitted', emitted });
await new Promise((resolve) => process.once('message', resolve));
await provider.shutdown();
clearInterval(timer);
process.send?.({ kind: 'ended', grownMiB: (peak - before) / 1_048_576, stats: slack.stats() });
process.disconnect?.();
