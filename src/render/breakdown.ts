import type { Breakdown } from '../groups/group.js';
import { SEVERITY_BANDS } from '../record/severity.js';
import { counted } from '../util/text.js';

/** `3,000 ERROR, 12 FATAL; 2,900 checkout, 112 billing`. */
export function breakdownText({ bySeverity, byService }: Breakdown): string {
  return `${countsText(bySeverity)}; ${countsText(byService)}`;
}

/** Counts by name, the worst severity first, else the biggest first. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  const rank = (name: string): number => SEVERITY_BANDS.findIndex((band) => band.name === name);
  return [...counts]
    .sort(([a, some], [b, others]) => rank(b) - rank(a) || others - some)
    .map(([name, count]) => `${counted(count)} ${name}`)
    .join(', ');
}
