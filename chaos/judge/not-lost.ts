import { add, type Life } from '../life.js';
import type { Facts, Violation } from './facts.js';

/** Each record that was accepted is shown, or counted as dropped, or was in a life that may lose records. */
export function lost({ scenario, lives, places }: Facts): readonly Violation[] {
  const { front, hasSpool } = scenario.setup;
  const owed = sumOf(lives.map((life) => life.owed(front)));
  const missing = [...owed]
    .map(([problem, records]) => ({ problem, records, shown: shownOf(places, problem) }))
    .filter(({ records, shown }) => shown < records);
  const deficit = missing.reduce((sum, { records, shown }) => sum + records - shown, 0);
  const dropped = lives.reduce((sum, life) => sum + life.dropped, 0);
  const forgiven = lives.reduce((sum, life) => sum + forgivenOf(life, hasSpool), 0);
  const unnamed = places.reduce((sum, { shown }) => sum + shown.unnamed(), 0);
  if (deficit <= dropped + forgiven + unnamed) return [];
  const list = missing.map(({ problem, records, shown }) => `${problem} ${shown} of ${records}`).join(', ');
  return [
    {
      invariant: 'nothing lost',
      expected: `at most ${dropped} dropped + ${forgiven} in lives that may lose records + ${unnamed} in messages that do not name all problems`,
      got: `${deficit} records are missing: ${list}`,
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

function shownOf(places: Facts['places'], problem: string): number {
  return places.reduce((sum, { shown }) => sum + shown.records(problem), 0);
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
