import { parseArgs } from 'node:util';
import { judge } from './invariants.js';
import type { Facts, Violation } from './judge/facts.js';
import { addLatency, type Beside, latencyTable } from './judge/latency.js';
import { tallyOf } from './judge/not-lost.js';
import { planScenario, type Scenario } from './scenario.js';
import { supervise } from './supervisor.js';

/**
 * `npm run chaos -- [--seed N] [--seeds K] [--minutes M] [--without NAME,NAME] [--short] [--verbose]`: random faults of
 * Slack, disk, lookups, signals and clocks against real processes, and the invariants of docs/reliability.md at the end.
 * A seed repeats a run. Without `--seed` the first one is random. `--short`: a known seed and a random one, half a minute
 * each.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '2' },
    without: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
/** Warnings of the package begin with its name. */
const PACKAGE = 'opentelemetry-exporter-slack ';
const SHORT_MINUTES = 0.5;
const KNOWN_SEED = 1;
const minutes = values.short ? SHORT_MINUTES : Number(values.minutes);
const without = values.without.split(',').filter((name) => name !== '');

function seedsToRun(): readonly number[] {
  const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
  if (values.short) return [KNOWN_SEED, first];
  return Array.from({ length: Number(values.seeds) }, (_, at) => first + at);
}

function commandOf(seed: number): string {
  const more = without.length > 0 ? ` --without '${without.join(',')}'` : '';
  return `npm run chaos -- --seed ${seed} --minutes ${minutes}${more}`;
}

function describe({ setup }: Scenario): string {
  const { way, front, seats, ...parts } = setup;
  const has = Object.entries(parts).flatMap(([name, isSo]) => (isSo ? [name.replace('has', '').toLowerCase()] : []));
  return [way, front, `${seats} at a time`, ...has].join(', ');
}

function summaryOf(facts: Facts): string {
  const { lives, places, witnesses } = facts;
  const { owed, missing, dropped, forgiven, unnamed } = tallyOf(facts);
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
  const messages = sum(places.map(({ bodies }) => bodies.length));
  const losses = `${dropped} dropped, ${forgiven} of lives that may lose records, ${unnamed} in messages without names`;
  return [
    `${lives.length} lives, ${messages} accepted requests, ${witnesses.length} witnesses`,
    `     ${owed} records owed, ${sum(missing.values())} not shown by name; ${losses}`,
  ].join('\n');
}

function printFailure(facts: Facts, violations: readonly Violation[]): void {
  for (const { invariant, expected, got } of violations) {
    console.log(`  ${invariant}\n    expected: ${expected}\n    got: ${got}`);
  }
  for (const { name, stats, forgiven, stderr, ended } of facts.lives) {
    const { accepted, delivered, pending, dropped } = stats ?? {};
    const tookMillis = Math.round(ended?.tookMillis ?? 0);
    console.log(`  ${name}: ${JSON.stringify({ accepted, delivered, pending, dropped, forgiven, tookMillis })}`);
    for (const line of stderr.split('\n').filter((each) => each.startsWith(PACKAGE))) console.log(`    ${line}`);
  }
  console.log(`  again: ${commandOf(facts.scenario.seed)}\n  what happened:`);
  for (const line of facts.timeline.lines()) console.log(`    ${line}`);
}

async function runSeed(seed: number): Promise<boolean> {
  const scenario = planScenario({ seed, minutes, without });
  console.log(`seed ${seed}: ${describe(scenario)}`);
  const onNote = values.verbose ? (line: string) => console.log(line) : () => {};
  const facts = await supervise(scenario, { onNote, signal: interrupt.signal });
  const violations = judge(facts);
  addLatency(beside, facts);
  console.log(`${violations.length === 0 ? 'PASS' : 'FAIL'} seed ${seed}: ${summaryOf(facts)}`);
  if (violations.length > 0) printFailure(facts, violations);
  return violations.length === 0;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const beside = new Map<string, Beside>();
let passed = 0;
let failed = 0;
for (const seed of seedsToRun()) {
  if (await runSeed(seed)) passed++;
  else failed++;
}
console.log('The longest times of the app in a second, p99 over all runs: without the exporter → with it');
console.table(latencyTable(beside));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
