import { add, type Life } from '../life.js';
import type { Facts, Violation } from './facts.js';

/** What a run owes and what was shown. */
export interface Tally {
  readonly owed: number;
  /** Records that are owed and were not shown, by problem. */
  readonly missing: ReadonlyMap<string, number>;
  readonly dropped: number;
  /** Records of lives that may lose records. */
  readonly forgiven: number;
  /** Records in messages that do not name all their problems. */
  readonly unnamed: number;
}

/** Adds up the records of a run. */
export function tallyOf({ scenario, lives, places }: Facts): Tally {
  const { front, hasSpool } = scenario.setup;
  const owed = sumOf(lives.map((life) => life.owed(front)));
  const missing = [...owed].map(([problem, records]) => [problem, records - shownOf(places, problem)] as const);
  return {
    owed: totalOf([...owed.values()]),
    missing: new Map(missing.filter(([, records]) => records > 0)),
    dropped: totalOf(lives.map(({ dropped }) => dropped)),
    forgiven: totalOf(lives.map((life) => forgivenOf(life, hasSpool))),
    unnamed: totalOf(places.map(({ shown }) => shown.unnamed())),
  };
}

/** Each record that was accepted is shown, or counted as dropped, or was in a life that may lose records. */
export function lost(facts: Facts): readonly Violation[] {
  const { missing, dropped, forgiven, unnamed } = tallyOf(facts);
  const records = totalOf([...missing.values()]);
  if (records <= dropped + forgiven + unnamed) return [];
  return [
    {
      invariant: 'nothing lost',
      expected: `at most ${dropped} dropped + ${forgiven} of lives that may lose records + ${unnamed} in messages that do not name all problems`,
      got: `${records} records are missing: ${[...missing].map((each) => each.join(' ')).join(', ')}`,
    },
  ];
}

/** Nothing is shown that was not emitted, where each life keeps its own counts and hands nothing on. */
export function invented({ scenario, lives, places, timeline }: Facts): readonly Violation[] {
  const { hasSpool } = scenario.setup;
  const areOrderly =
    lives.every(({ ended }) => ended?.how === 'SIGTERM') && timeline.spans('the process is stopped').length === 0;
  if (hasSpool && !areOrderly) return [];
  const emitted = sumOf(lives.map((life) => new Map(countsOf(life))));
  const tooMany = [...emitted].filter(([problem, records]) => shownOf(places, problem) > records);
  if (tooMany.length === 0) return [];
  return [
    {
      invariant: 'nothing invented',
      expected: 'at most the emitted records are shown',
      got: tooMany.map(([problem, records]) => `${problem} ${shownOf(places, problem)} of ${records}`).join(', '),
    },
  ];
}

/** When Slack answers and the disk works, an orderly end leaves nothing. */
export function leftBehind({ lives, scenario }: Facts): readonly Violation[] {
  const last = lives.slice(-scenario.setup.seats);
  return last
    .filter(({ pending }) => pending > 0)
    .map(({ name, pending }) => ({
      invariant: 'nothing left behind',
      expected: 'no pending record after a shutdown while Slack answers',
      got: `${name}: ${pending}`,
    }));
}

/** Without a spool, an end without a shutdown loses what is not delivered. */
function forgivenOf(life: Life, hasSpool: boolean): number {
  if (hasSpool || life.ended?.how === 'SIGTERM') return life.forgiven;
  const emitted = life.emitted.reduce((sum, { count }) => sum + count, 0);
  return life.forgiven + Math.max(0, emitted - (life.stats?.delivered ?? 0));
}

function totalOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** A problem that went on in the fallback has the same id there, so its larger total counts. */
function shownOf(places: Facts['places'], problem: string): number {
  const totals = new Map<string, number>();
  for (const { shown } of places)
    for (const [id, total] of shown.totals(problem)) totals.set(id, Math.max(totals.get(id) ?? 0, total));
  return totalOf([...totals.values()]);
}

function countsOf(life: Life): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { problem, count } of life.emitted) add(counts, problem, count);
  return counts;
}

function sumOf(maps: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const map of maps) for (const [key, count] of map) add(sum, key, count);
  return sum;
}
