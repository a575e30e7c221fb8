// An app that goes on for long, with new problems all the time and old ones that come back. Started by growth.test.ts,
// which says how many rounds it goes on, and asks after them what of it has grown.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { skippingClock } from '../support/clock.js';
import { word } from '../support/words.js';

/** What an app must not have more and more of. */
export interface Holdings {
  readonly heapMiB: number;
  /** Of all events of the process, and of the signals that end it. */
  readonly listeners: number;
  /** What the event loop looks after, by kind, also what does not keep it alive: sockets, timers, files. */
  readonly handles: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly isDelivered: boolean;
}

const NEW_PROBLEMS = 20;
/** Longer than until a message may be changed again, and than most waits after an error. */
const LATER_MILLIS = 61_000;

const [, , options = '{}'] = process.argv;
const clock = skippingClock();
const slack = createSlackLogRecordProcessor({ ...JSON.parse(options), scheduledDelayMillis: 10 }, { clock });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('long-running');
const warnings: string[] = [];
process.on('warning', ({ message }) => void warnings.push(message));
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
let made = 0;

async function round(): Promise<void> {
  for (let at = 0; at < NEW_PROBLEMS; at++) fail(`new ${word(made++)}`);
  for (let at = 0; at < NEW_PROBLEMS; at++) fail(`old ${word(at)}`);
  await new Promise((resolve) => setTimeout(resolve, 30));
  clock.skip(LATER_MILLIS);
}

function fail(what: string): void {
  logger.emit({ severityNumber: 17, body: `${what} failed`, exception: new RangeError(`${what} is out of range`) });
}

/** Whatever Slack did before: all is said once it is well. */
async function allDelivered(): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    clock.skip(LATER_MILLIS);
    fail('a last problem');
    await new Promise((resolve) => setTimeout(resolve, 30));
    await provider.forceFlush();
    if (slack.stats().pending === 0) return true;
  }
  return false;
}

async function holdings(): Promise<Holdings> {
  const isDelivered = await allDelivered();
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 100));
  collectGarbage();
  const handles: Record<string, number> = {};
  const { libuv } = process.report.getReport() as unknown as { readonly libuv: readonly { readonly type: string }[] };
  for (const { type } of libuv) handles[type] = (handles[type] ?? 0) + 1;
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { heapMiB: process.memoryUsage().heapUsed / 1_048_576, listeners, handles, warnings, isDelivered };
}

process.on('message', async (request: { readonly rounds: number } | 'holdings' | 'end') => {
  if (request === 'holdings') process.send?.(await holdings());
  else if (request === 'end') {
    await provider.shutdown();
    process.disconnect();
  } else {
    for (let at = 0; at < request.rounds; at++) await round();
    process.send?.('done');
  }
});
process.send?.('ready');
