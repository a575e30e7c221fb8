import type { ShopReport } from '../report.js';

/** What stands in the channel, as a reader counts it. */
export interface Shown {
  readonly messages: number;
  readonly records: number;
}

/** A line of the table. */
export type Row = readonly [what: string, count: number, note: string];

export function summaryRows({ logged, stats }: ShopReport, shown: Shown): readonly Row[] {
  const all = sum(logged);
  return [
    ['logged by the shop', all, listed(logged)],
    ['filtered', all - stats.accepted, 'below ERROR: not for Slack'],
    ['accepted', stats.accepted, ''],
    ['delivered', stats.delivered, 'confirmed by Slack'],
    ['dropped', sum(stats.dropped), listed(stats.dropped)],
    ['pending', stats.pending, ''],
    ['shown in the channel', shown.records, `in ${shown.messages} messages, by their own words`],
    ['requests to Slack', stats.requests, `${stats.throttled} throttled`],
  ];
}

/** What must not be. Nothing: every error that the shop logged is counted in a message that stands in the channel. */
export function findLosses({ logged, stats }: ShopReport, shown: Shown): readonly string[] {
  const { accepted, delivered, pending, dropped } = stats;
  const errors = (logged.error ?? 0) + (logged.fatal ?? 0);
  const lost = sum(dropped);
  const losses = [
    errors !== accepted && `the shop logged ${errors} errors, ${accepted} were accepted`,
    lost > 0 && `${lost} records were dropped (${listed(dropped)})`,
    pending > 0 && `${pending} records were still waiting at the end`,
    accepted !== delivered + pending + lost && `${accepted} accepted ≠ ${delivered} delivered + ${pending} + ${lost}`,
    shown.records !== delivered && `the messages speak of ${shown.records} records, Slack confirmed ${delivered}`,
  ];
  return losses.filter((loss) => loss !== false);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
