import type { Latency } from '../life.js';
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

/** Returns the figures of a run, for people. */
export function latencyLine({ lives, baseline }: Facts): string {
  const ours = lives.flatMap(({ latency }) => latency);
  const figures = KINDS.map((kind) => {
    const [without, withUs] = [baseline.latency, ours].map((all) => quantileOf(all, kind, 0.99).toFixed(0));
    return `${kind} ${without} → ${withUs} ms`;
  });
  return `p99 of the app without and with the exporter: ${figures.join(', ')}`;
}

function quantileOf(latency: readonly Latency[], kind: keyof Latency, quantile: number): number {
  const sorted = latency.map((one) => one[kind]).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
}
