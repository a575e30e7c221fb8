import type { Breakdown } from '../groups/index.js';
import { SEVERITY_BANDS } from '../record/index.js';
import { counted } from '../util/index.js';

/** Formats a breakdown: `12 FATAL, 3,000 ERROR; 2,900 checkout, 112 billing`. */
export function breakdownText({ bySeverity, byService }: Breakdown): string {
  return `${countsText(bySeverity)}; ${countsText(byService)}`;
}

/** Formats counts by name: the highest severity first, other names by count. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  const rank = (name: string): number => SEVERITY_BANDS.findIndex((band) => band.name === name);
  return [...counts]
    .sort(([a, countA], [b, countB]) => rank(b) - rank(a) || countB - countA)
    .map(([name, count]) => `${counted(count)} ${name}`)
    .join(', ');
}
