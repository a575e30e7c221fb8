import type { ShopReport } from '../report.js';

/** The contents of the channel, as a reader counts them. */
export interface Shown {
  readonly messages: number;
  readonly replies: number;
  readonly edits: number;
  /** Records that the messages report. */
  readonly records: number;
  /** Records that they report as lost. */
  readonly lost: number;
}

/** A row of the table. */
export type Row = readonly [what: string, count: number, note: string];

export function summaryRows({ logged, stats }: ShopReport, shown: Shown): readonly Row[] {
  const all = sum(logged);
  const { messages, replies, edits } = shown;
  return [
    ['logged by the shop', all, listed(logged)],
    ['filtered', all - stats.accepted, 'below ERROR: not for Slack'],
    ['accepted', stats.accepted, ''],
    ['delivered', stats.delivered, 'confirmed by Slack'],
    ['dropped', sum(stats.dropped), listed(stats.dropped)],
    ['pending', stats.pending, ''],
    ['shown in the channel', shown.records, `the counts in the messages${silencedNote(stats.dropped.silenced)}`],
    ['messages', messages, `edited ${times(edits)}, ${replies} ${replies === 1 ? 'reply' : 'replies'} in threads`],
    ['requests to Slack', stats.requests, `${stats.throttled} throttled`],
  ];
}

/** Returns the losses. It is empty if a message in the channel counts every error that the shop logged. */
export function findLosses({ logged, stats }: ShopReport, shown: Shown): readonly string[] {
  const { accepted, delivered, pending, dropped } = stats;
  const { silenced = 0, ...others } = dropped;
  const errors = (logged.error ?? 0) + (logged.fatal ?? 0);
  const lost = sum(others);
  const losses = [
    errors !== accepted && `the shop logged ${number(errors)} errors, ${number(accepted)} were accepted`,
    lost > 0 && `${number(lost)} records were dropped (${listed(others)})`,
    pending > 0 && `${number(pending)} records were still pending at the end`,
    accepted !== delivered + pending + lost + silenced &&
      `${accepted} accepted ≠ ${delivered} delivered + ${pending} + ${lost + silenced}`,
    // Records of a problem that was silenced with 🔕 are not lost, and some of them may be shown.
    (shown.records < delivered || shown.records > delivered + silenced) &&
      `the messages report ${number(shown.records)} records, Slack confirmed ${number(delivered)}`,
    shown.lost > 0 && `the messages report ${number(shown.lost)} lost records`,
  ];
  return losses.filter((loss) => loss !== false);
}

function silencedNote(silenced = 0): string {
  return silenced > 0 ? ', including some silenced records' : '';
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${number(count)} ${name}`)
    .join(', ');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${number(count)} times`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
