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
 * For how long at a time our code keeps the event loop from the app, at worst. A thousand problems that nobody saw before
 * arrive and become a message; each of them comes again, and the message is updated; and then once more, for the
 * shutdown.
 */
export interface EventLoopCost {
  readonly name: string;
  /** Milliseconds, of the rounds. */
  readonly longest: Range;
}

/** As many as a destination tells apart. */
const PROBLEMS = 1_000;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 6;
/** Longer than until a message may be updated again. */
const LATER_MILLIS = 11_000;
/** An app that logs so much has other things to do as well. */
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
  /** Since it was asked last. */
  longestMillis(): number;
  /** What comes until then is not counted: the app's own work. */
  readonly aside: (work: () => void) => void;
  stop(): void;
}

function watchEventLoop(): EventLoopWatch {
  let longest = 0;
  let from = performance.now();
  let isOver = false;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - from);
    from = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    longestMillis() {
      const millis = longest;
      longest = 0;
      return millis;
    },
    aside(work) {
      const begun = performance.now();
      work();
      from += performance.now() - begun;
    },
    stop() {
      isOver = true;
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function emitAll(logger: Logger, round: number, { aside }: EventLoopWatch): Promise<void> {
  for (let at = 0; at < PROBLEMS; at += RECORDS_A_TURN) {
    aside(() => {
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

/** A word, because numbers are taken for values. */
function nameOf(number: number, round: number): string {
  return [...`${(round + WARM_UP_ROUNDS) * PROBLEMS + number + 10_000}`]
    .map((digit) => String.fromCharCode('a'.charCodeAt(0) + Number(digit) * 2))
    .join('');
}
