import type { Row, Status } from '../groups/index.js';
import { severityBand, severityLabel } from '../record/index.js';
import { counted, countedOf, joined, oneLine } from '../util/index.js';

/** Returns the headline on one line: severity, count, and error. Neither escaped nor truncated. */
export function headlineText(row: Row): string {
  return oneLine(
    row.kind === 'loss' ? `${severityAndCount(row)} ${row.what}` : `${severityAndCount(row)} · ${row.what}`,
  );
}

/** The emoji of a problem that is not live in this message. A live one has the emoji of its severity. */
const MARKS: Readonly<Partial<Record<Status, string>>> = {
  quiet: '💤',
  silenced: '🔕',
  closed: '✅',
  moved: '↪️',
};

/** Formats severity and count: `🔴 ERROR ×40`. A count of 1 is not shown. */
export function severityAndCount({ kind, severityNumber, severityText, count, status }: Row): string {
  const mark = MARKS[status] ?? (kind === 'loss' ? '⚠️' : severityBand(severityNumber).emoji);
  if (kind === 'loss') return `${mark} ${countedOf(count, 'record')}`;
  const times = count > 1 ? ` ×${counted(count)}` : '';
  return `${mark} ${severityLabel(severityNumber, severityText)}${times}`;
}

/** Formats a group on one line, for notifications and digests. `shownOrigin`: an origin that is shown elsewhere. */
export function summaryLine(row: Row, shownOrigin = ''): string {
  const { what, where, location } = row;
  return oneLine(
    joined(' · ', `${severityAndCount(row)} ${what}`, where === shownOrigin ? '' : where, location && `at ${location}`),
  );
}

/** Returns the origin that all rows have in common; empty when they have several. */
export function commonOrigin(rows: readonly Row[]): string {
  const [first, ...others] = new Set(rows.map(({ where }) => where));
  return first !== undefined && others.length === 0 ? first : '';
}
