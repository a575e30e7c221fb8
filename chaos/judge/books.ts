import type { Counts, SlackExporterStats } from '../../src/index.js';
import type { Violation } from './facts.js';

/** Checks that the counts add up, for each destination and in total. Returns what does not. */
export function wrongBooks(name: string, { destinations, ...total }: SlackExporterStats): readonly Violation[] {
  const all: readonly [string, Counts][] = [['in total', total], ...Object.entries(destinations)];
  return all.flatMap(([where, counts]) => {
    const { accepted, delivered, pending, dropped } = counts;
    const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
    const isCount = [accepted, delivered, pending, ...Object.values(dropped)].every((count) => count >= 0);
    if (isCount && accepted === delivered + pending + lost) return [];
    return [
      {
        invariant: 'books exact',
        expected: 'accepted = delivered + pending + dropped, none below 0',
        got: `${name}, ${where}: ${JSON.stringify({ accepted, delivered, pending, dropped })}`,
      },
    ];
  });
}
