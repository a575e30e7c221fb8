import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Arm, type Comparison, comparisons } from './caller.js';
import { type EndingCost, endingCost } from './ending.js';
import { type EventLoopCost, eventLoopCosts } from './event-loop.js';
import { type FoldingCost, foldingCost } from './folding.js';
import type { SlackProcess } from './slack-process.js';
import { type StartUpCost, startUpCost } from './start-up.js';
import { type WholeCost, wholeCosts } from './whole.js';

/**
 * `npm run bench`: what a record costs its caller, as a ratio to the same provider without the exporter, both measured by
 * turns in one run, because the machines are noisy; what it costs to fold a record; by how much a process with a spool
 * ends later; what the start of an app takes longer; and the CPU and memory of a whole process. `--json` prints the
 * figures for programs.
 */

const WARM_UP_ROUNDS = 60;
const ROUNDS = 300;

interface Result {
  readonly name: string;
  readonly floorNanos: number;
  readonly oursNanos: number;
  readonly ratio: number;
  readonly target: number;
}

async function measure({ name, floor, ours, target }: Comparison): Promise<Result> {
  const floorNanos: number[] = [];
  const oursNanos: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    // Alternately, so that neither always comes first.
    const arms: readonly [Arm, number[]][] = [
      [floor, floorNanos],
      [ours, oursNanos],
    ];
    for (const [arm, nanos] of round % 2 === 0 ? arms : arms.toReversed()) {
      collectGarbage();
      const nanosPerRecord = arm.burst();
      if (round >= 0) nanos.push(nanosPerRecord);
      await arm.drain();
    }
  }
  await Promise.all([floor.shutdown(), ours.shutdown()]);
  // The median of the ratios of all rounds, because the load of the machine changes from second to second.
  const ratio = median(oursNanos.map((nanos, round) => nanos / (floorNanos[round] ?? Number.NaN)));
  return {
    name,
    floorNanos: Math.round(median(floorNanos)),
    oursNanos: Math.round(median(oursNanos)),
    ratio: Number(ratio.toFixed(3)),
    target,
  };
}

/** Runs before each burst, so that the burst does not pay for earlier garbage. */
const collectGarbage = exposedGc();

function exposedGc(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  return () => gc({ type: 'minor' });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function startSlack(): Promise<SlackProcess & { readonly stop: () => void }> {
  const child = fork(new URL('./slack-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const [slack] = (await once(child, 'message')) as [SlackProcess];
  return { ...slack, stop: () => child.disconnect() };
}

function print(results: readonly Result[]): void {
  console.log('The cost of a record for its caller (medians; lower is better)\n');
  console.table(
    Object.fromEntries(
      results.map(({ name, floorNanos, oursNanos, ratio, target }) => [
        name,
        { 'floor, ns': floorNanos, 'ours, ns': oursNanos, ratio, 'at most': target, ok: ratio <= target },
      ]),
    ),
  );
}

function printFolding({ newFunctions, newStack, knownStack }: FoldingCost): void {
  console.log('\nThe cost of folding a record into its group, at export time (microseconds)\n');
  console.table({
    'a new stack': { ...newStack, 'at most': 5, ok: newStack.median <= 5 },
    'a known stack': { ...knownStack, 'at most': 1.5, ok: knownStack.median <= 1.5 },
    'a new stack of new functions': newFunctions,
  });
}

function printEventLoop(costs: readonly EventLoopCost[]): void {
  console.log('\nThe longest time for which the event loop is blocked (milliseconds)\n');
  console.table(
    Object.fromEntries(
      costs.map(({ name, longest }) => [name, { ...longest, 'at most': 10, ok: longest.median <= 10 }]),
    ),
  );
}

function printEnding({ withoutMillis, withSpoolMillis }: EndingCost): void {
  const difference = Number((withSpoolMillis - withoutMillis).toFixed(1));
  console.log(
    '\nThe time from process.exit() to the end of the process, with ten records in the queue (milliseconds)\n',
  );
  console.table({ end: { 'without us': withoutMillis, 'with a spool': withSpoolMillis, difference, 'at most': 50 } });
}

function printStartUp({ floorMillis, addedMillis, ratio, addedMegabytes }: StartUpCost): void {
  console.log('\nWhat importing and constructing adds to the start of an app that imports the SDK (medians)\n');
  console.table({
    'time, ms': { 'SDK alone': floorMillis, added: addedMillis, ratio, 'at most': 25, ok: addedMillis <= 25 },
    'memory, MB': { added: addedMegabytes, 'at most': 6, ok: addedMegabytes <= 6 },
  });
}

function printWhole({ cpu, memory }: WholeCost): void {
  console.log('\nWhat a process costs with the exporter and with one that does nothing (medians of child processes)\n');
  console.table({
    'CPU of a record in all, microseconds (50,000 errors of 50 kinds)': cpu,
    'peak memory, MB (20,000 different errors)': memory,
  });
}

// First, while no other process of the benchmark runs.
const startUp = await startUpCost();
const slack = await startSlack();
const results: Result[] = [];
for (const comparison of comparisons(slack.webhookUrl)) results.push(await measure(comparison));
const { apiUrl, token, channel } = slack;
const eventLoop = await eventLoopCosts({ apiUrl, token, channel });
const ending = await endingCost(slack.webhookUrl);
const whole = await wholeCosts(slack.webhookUrl);
slack.stop();
const folding = foldingCost();
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, results, folding, eventLoop, ending, startUp, whole }, null, 2));
} else {
  print(results);
  printFolding(folding);
  printEventLoop(eventLoop);
  printEnding(ending);
  printStartUp(startUp);
  printWhole(whole);
}
