// An app that runs for a long time, with new problems and recurring old ones. Started by growth.test.ts,
// which requests a number of rounds and then asks for the resources that the app holds.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/processor.js';
import { skippingClock } from '../support/clock.js';
import { word } from '../support/words.js';

/** Resources of the app that must not grow. */
export interface Holdings {
  readonly heapMiB: number;
  /** Listeners of all events and signals of the process. */
  readonly listeners: number;
  /** Handles of the event loop by kind (sockets, timers, files), also those that do not keep it alive. */
  readonly handles: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly isDelivered: boolean;
}

const NEW_PROBLEMS = 20;
/** Longer than the interval between two updates of a message, and than most waits after an error. */
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

/** Waits until all records are delivered. Returns false when some stay pending. */
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
