// An app that logs as fast as it can while Slack is down, for minutes of a clock that it advances itself.
// Started by flood.test.ts, with the built package.
import { once } from 'node:events';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from 'opentelemetry-exporter-slack';
import { rest } from './rest.mjs';
import { systemClock } from './system-clock.mjs';

const { options, problems, seconds, perSecond } = JSON.parse(process.argv[2]);
const turn = () => new Promise(setImmediate);

/** The system clock with a method to skip time. Timers that become due fire at once. */
function skippingClock() {
  const timers = new Set();
  let skippedMillis = 0;
  const monotonic = () => systemClock.monotonic() + skippedMillis;
  const arm = (timer) => {
    timer.cancel = systemClock.after(timer.dueMillis - monotonic(), timer.fire, timer.options);
  };
  return {
    now: () => systemClock.now() + skippedMillis,
    monotonic,
    after(millis, callback, options) {
      const timer = { dueMillis: monotonic() + millis, options };
      timer.fire = () => timers.delete(timer) && callback();
      timers.add(timer);
      arm(timer);
      return () => timers.delete(timer) && timer.cancel();
    },
    skip(millis) {
      skippedMillis += millis;
      for (const timer of timers) {
        timer.cancel();
        arm(timer);
      }
    },
  };
}

const clock = skippingClock();
const slack = createSlackLogRecordProcessor(options, { clock });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('flood');
const emitted = Object.fromEntries(problems.map((body) => [body, 0]));

function emit(body, count) {
  for (let at = 0; at < count; at++) logger.emit({ severityNumber: 17, body });
  emitted[body] += count;
}

async function oneSecond(records) {
  for (const body of problems) {
    emit(body, Math.round(records / problems.length));
    await turn();
  }
  clock.skip(1_000);
  await turn();
}

for (let second = 0; second < 3; second++) await oneSecond(perSecond);
await rest();
const before = process.memoryUsage().rss;
let peak = before;
for (let second = 0; second < seconds; second++) {
  await oneSecond(perSecond);
  peak = Math.max(peak, process.memoryUsage().rss);
}
// Records that are still in the SDK's queue are counted too.
await provider.forceFlush();
const grownMiB = (peak - before) / 2 ** 20;
console.log(JSON.stringify({ emitted, grownMiB, stats: slack.stats() }));
await once(process.stdin, 'data');
process.stdin.destroy();
// The longest time between two attempts.
clock.skip(60_000);
while (slack.stats().pending > 0) await new Promise((resolve) => setTimeout(resolve, 20));
await provider.shutdown();
console.log(JSON.stringify({ emitted, grownMiB, stats: slack.stats() }));
