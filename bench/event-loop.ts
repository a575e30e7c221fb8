import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createRateLimits } from '../src/deliver/rate-limiter.js';
import type { SlackExporterOptions } from '../src/index.js';
import { createSlackLogRecordProcessor } from '../src/processor.js';
import { skippingClock } from '../test/support/clock.js';
import { type Range, rangeOf } from './range.js';

/**
 * The longest time for which our code blocks the event loop. A thousand new problems are posted as a message. Then each of
 * them occurs again, and the message is updated. Then each occurs once more, before the shutdown.
 */
export interface EventLoopCost {
  readonly name: string;
  /** In milliseconds, over all rounds. */
  readonly longest: Range;
}

/** The maximum of groups of a destination. */
const PROBLEMS = 1_000;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 6;
/** Longer than the interval between two updates of a message. */
const LATER_MILLIS = 11_000;
/** Records that the app emits in one turn of the event loop. */
const RECORDS_A_TURN = 20;

/** Measures with and without a spool. */
export async function eventLoopCosts(destination: SlackExporterOptions): Promise<readonly EventLoopCost[]> {
  return [
    ...(await costsOf('', () => ({ options: destination, end: () => {} }))),
    ...(await costsOf(', with a spool', () => {
      const directory = mkdtempSync(join(tmpdir(), 'bench-spool-'));
      return { options: { ...destination, spool: { directory } }, end: () => rmSync(directory, { recursive: true }) };
    })),
  ];
}

interface Setup {
  readonly options: SlackExporterOptions;
  readonly end: () => void;
}

async function costsOf(suffix: string, setup: () => Setup): Promise<readonly EventLoopCost[]> {
  const longest = new Map<string, number[]>();
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const { options, end } = setup();
    for (const [name, millis] of await oneRound(options, round)) {
      if (round >= 0) longest.set(name, [...(longest.get(name) ?? []), millis]);
    }
    end();
  }
  return [...longest].map(([name, millis]) => ({ name: name + suffix, longest: rangeOf(millis) }));
}

async function oneRound(options: SlackExporterOptions, round: number): Promise<ReadonlyMap<string, number>> {
  const clock = skippingClock();
  const slack = createSlackLogRecordProcessor(
    { ...options, scheduledDelayMillis: 100 },
    { environment: {}, rateLimits: createRateLimits(), clock },
  );
  const provider = new LoggerProvider({ processors: [slack] });
  const logger = provider.getLogger('bench');
  const watch = watchEventLoop();
  const longest = new Map<string, number>();
  await emitAll(logger, round, watch);
  await until(() => slack.stats().delivered === PROBLEMS);
  longest.set('a thousand new problems', watch.longestMillis());
  clock.skip(LATER_MILLIS);
  await emitAll(logger, round, watch);
  await until(() => slack.stats().delivered === 2 * PROBLEMS);
  longest.set('all of them once more', watch.longestMillis());
  await emitAll(logger, round, watch);
  await provider.shutdown();
  longest.set('and once more at the shutdown', watch.longestMillis());
  watch.stop();
  return longest;
}

interface EventLoopWatch {
  /** Returns the longest block since the last call. */
  longestMillis(): number;
  /** Runs the app's own work, which is not counted. */
  readonly withoutCounting: (work: () => void) => void;
  stop(): void;
}

function watchEventLoop(): EventLoopWatch {
  let longest = 0;
  let from = performance.now();
  let isStopped = false;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - from);
    from = now;
    if (!isStopped) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    longestMillis() {
      const millis = longest;
      longest = 0;
      return millis;
    },
    withoutCounting(work) {
      const begun = performance.now();
      work();
      from += performance.now() - begun;
    },
    stop() {
      isStopped = true;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function emitAll(logger: Logger, round: number, { withoutCounting }: EventLoopWatch): Promise<void> {
  for (let at = 0; at < PROBLEMS; at += RECORDS_A_TURN) {
    withoutCounting(() => {
      for (let number = at; number < at + RECORDS_A_TURN; number++) emitOne(logger, nameOf(number, round));
    });
    await new Promise(setImmediate);
  }
}

function emitOne(logger: Logger, name: string): void {
  const exception = new RangeError(`amount is out of range for ${name}`);
  const frames = Array.from({ length: 12 }, (_, at) => `    at ${name}${at} (/srv/app/src/${name}.js:${at + 1}:13)`);
  exception.stack = [`${exception.name}: ${exception.message}`, ...frames].join('\n');
  const attributes = { 'http.request.method': 'POST', 'http.route': '/orders/:id', 'user.id': 'u_17' };
  logger.emit({ severityNumber: 17, body: `${name} failed`, exception, attributes });
}

/** Returns a name of letters, because numbers count as values and do not distinguish problems. */
function nameOf(number: number, round: number): string {
  return [...`${(round + WARM_UP_ROUNDS) * PROBLEMS + number + 10_000}`]
    .map((digit) => String.fromCharCode('a'.charCodeAt(0) + Number(digit) * 2))
    .join('');
}
