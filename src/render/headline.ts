import type { Row, Status } from '../groups/group.js';
import { severityBand, severityLabel } from '../record/severity.js';
import { counted, countedOf, joined, oneLine } from '../util/text.js';

/** The headline: how bad, how often, and what happened, on one line. Not escaped, not cut. */
export function headlineText(row: Row): string {
  return oneLine(row.kind === 'loss' ? `${howBad(row)} ${row.what}` : `${howBad(row)} · ${row.what}`);
}

/** What stands before a problem that is not going on here. */
const MARKS: Readonly<Partial<Record<Status, string>>> = {
  quiet: '💤',
  silenced: '🔕',
  closed: '✅',
  moved: '↪️',
};

/** `🔴 ERROR ×40`: how bad, and how often when it was more than once. */
export function howBad({ kind, severityNumber, severityText, count, status }: Row): string {
  const mark = MARKS[status] ?? (kind === 'loss' ? '⚠️' : severityBand(severityNumber).emoji);
  if (kind === 'loss') return `${mark} ${countedOf(count, 'record')}`;
  const times = count > 1 ? ` ×${counted(count)}` : '';
  return `${mark} ${severityLabel(severityNumber, severityText)}${times}`;
}

/** A group on one line, for notifications and for the rows of a digest. `told`: where all of them come from is said. */
export function summaryLine(row: Row, told = ''): string {
  const { what, where, location } = row;
  return oneLine(joined(' · ', `${howBad(row)} ${what}`, where === told ? '' : where, location && `at ${location}`));
}

/** Where all of the rows come from; empty when they come from several places. */
export function commonOrigin(rows: readonly Row[]): string {
  const [first, ...others] = new Set(rows.map(({ where }) => where));
  return first !== undefined && others.length === 0 ? first : '';
}
