import type { Latency, TimedLatency } from '../life.js';
import type { Facts, Violation } from './facts.js';

/** A quantile of the seconds of a run, and by how much it may exceed that of the app without the exporter. */
interface Bound {
  readonly quantile: number;
  readonly ratio: number;
  readonly moreMillis: number;
}

/** Generous, because the machine is busy with the other processes of the run. */
const BOUNDS: readonly Bound[] = [
  { quantile: 0.95, ratio: 5, moreMillis: 50 },
  // Short faults are in few seconds of a run.
  { quantile: 0.99, ratio: 5, moreMillis: 250 },
];

const KINDS: readonly (keyof Latency)[] = ['loop', 'fs', 'lookup'];

/** The app's event loop, its reads of files and its lookups are as quick as without the exporter. */
export function slowed({ lives, baseline }: Facts): readonly Violation[] {
  const ours = lives.flatMap(({ latency }) => latency);
  return KINDS.flatMap((kind) =>
    BOUNDS.flatMap(({ quantile, ratio, moreMillis }) => {
      const without = quantileOf(baseline.latency, kind, quantile);
      const withUs = quantileOf(ours, kind, quantile);
      if (withUs <= ratio * without + moreMillis) return [];
      return [
        {
          invariant: 'the app is not slowed',
          expected: `${kind}, quantile ${quantile}: at most ${ratio} times the ${without.toFixed(1)} ms without the exporter, and ${moreMillis} ms`,
          got: `${withUs.toFixed(1)} ms`,
        },
      ];
    }),
  );
}

/** The seconds of some runs in which a fault lasted, of the app with and without the exporter. */
export interface Beside {
  readonly without: Latency[];
  readonly withUs: Latency[];
}

/** Adds the seconds of a run to those of each of its faults. `all`: also those without a fault. */
export function addLatency(beside: Map<string, Beside>, { lives, baseline, timeline, scenario }: Facts): void {
  const names = scenario.steps.flatMap((step) => (step.act === 'fault' ? [step.name] : []));
  for (const name of ['all', ...new Set(names)]) {
    const spans = timeline.spans(name);
    const isBeside = ({ atMillis }: TimedLatency): boolean =>
      name === 'all' ||
      spans.some(({ fromMillis, untilMillis }) => atMillis > fromMillis && atMillis < untilMillis + 1_000);
    const { without, withUs } = beside.get(name) ?? { without: [], withUs: [] };
    without.push(...baseline.latency.filter(isBeside));
    withUs.push(...lives.flatMap(({ latency }) => latency).filter(isBeside));
    beside.set(name, { without, withUs });
  }
}

/** Returns the p99 of the longest time in a second beside each fault, without and with the exporter, for a table. */
export function latencyTable(beside: ReadonlyMap<string, Beside>): Readonly<Record<string, object>> {
  const rows = [...beside].map(([name, { without, withUs }]) => {
    const figures = KINDS.map((kind) => {
      const [floor, ours] = [without, withUs].map((all) => quantileOf(all, kind, 0.99).toFixed(0));
      return [`${kind}, ms`, `${floor} → ${ours}`];
    });
    return [name, { seconds: withUs.length, ...Object.fromEntries(figures) }];
  });
  return Object.fromEntries(rows);
}

function quantileOf(latency: readonly Latency[], kind: keyof Latency, quantile: number): number {
  const sorted = latency.map((one) => one[kind]).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
}
