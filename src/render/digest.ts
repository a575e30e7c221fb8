import type { KnownBlock } from '@slack/types';
import { DETAILED_DIGEST_ROWS, listedRows, type Notification, type Reason, type Row } from '../groups/index.js';
import { type SeverityBand, severityBand } from '../record/index.js';
import type { SlackMessage } from '../slack/index.js';
import { counted, countedOf, oneLine } from '../util/index.js';
import { contextBlock, headerBlock, mrkdwn, plainText, present, sectionBlock } from './blocks.js';
import { breakdownText, countsText } from './breakdown.js';
import { timesMarkup } from './details.js';
import { commonOrigin, severityAndCount, summaryLine } from './headline.js';
import { escaped } from './mrkdwn.js';
import { intendedForMarkup } from './status.js';

/** The length of a push notification, with some more for people who read only the text, in characters. */
export const NOTIFICATION_LENGTH = 600;
/** The length of a digest row in characters: two lines on a phone. */
const ROW_LENGTH = 200;
/** The length of a short row in characters: one line on a screen. */
const SHORT_ROW_LENGTH = 90;
/** The number of short rows in one block. */
const ROWS_PER_BLOCK = 15;
/** The length of the ids of a digest, in characters. */
const IDS_LENGTH = 600;
/** The number of groups that the notification text of several names. */
const NAMED_IN_TEXT = 3;
/** The color of a message without a live problem. */
export const INACTIVE_COLOR = '#9aa0a6';
const INACTIVE_MARK = '💤';
const SILENCED_MARK = '🔕';

/** Renders many groups: a line each for the most severe, counts for the others. */
export function renderDigest(notification: Notification, mention: string | undefined): SlackMessage {
  const { named, others } = partsOf(notification);
  const origin = commonOrigin(problemsOf(notification));
  const detailed = named
    .slice(0, DETAILED_DIGEST_ROWS)
    .map((row) =>
      sectionBlock(plainText(rowText(row, origin, notification.reasons.get(row.fingerprint)), ROW_LENGTH, row.missing)),
    );
  const lines = [...detailed, ...shortRows(named.slice(DETAILED_DIGEST_ROWS))];
  return {
    text: manyText(notification, mention),
    blocks: present([
      headerBlock(manyTitle(notification)),
      originAndTimes(notification),
      statusBlock(notification, mention),
      gatheredNote(notification),
    ]),
    attachments: [
      {
        color: colorOf(notification),
        blocks: present([...lines, othersBlock(others), ...restAndLossBlocks(notification), idBlock(notification)]),
      },
    ],
  };
}

/** Splits the problems into those with a line and those that are only counted. `rest` and `loss` rows are rendered separately. */
function partsOf(notification: Notification): { readonly named: readonly Row[]; readonly others: readonly Row[] } {
  const problems = problemsOf(notification);
  const listed = listedRows(problems.length);
  return { named: problems.slice(0, listed), others: problems.slice(listed) };
}

/** Returns the rows of problems, without `rest` and `loss`. */
export function problemsOf({ rows }: Pick<Notification, 'rows'>): readonly Row[] {
  return rows.filter(({ kind }) => kind === 'problem');
}

/** Renders rows of a digest without the line of code, several in a block. */
function shortRows(rows: readonly Row[]): readonly KnownBlock[] {
  const lines = rows.map((row) => escaped(shortRowText(row), SHORT_ROW_LENGTH, row.missing));
  return Array.from({ length: Math.ceil(lines.length / ROWS_PER_BLOCK) }, (_, at) => {
    const text = lines.slice(at * ROWS_PER_BLOCK, (at + 1) * ROWS_PER_BLOCK).join('\n');
    return { ...sectionBlock({ type: 'plain_text', text, emoji: false }), expand: true };
  });
}

function shortRowText(row: Row): string {
  return oneLine(`${severityAndCount(row)}${moreText(row)} ${row.what}`);
}

/**
 * Explains a digest of problems that had messages of their own. Only messages that can be updated are gathered in a digest
 * for that reason; a webhook posts such a digest as a reminder.
 */
function gatheredNote(notification: Notification): KnownBlock | undefined {
  const { message, reasons, rows } = notification;
  const isGathering = message?.ref !== undefined || [...reasons.values()].includes('changed');
  return isGathering && areReported(rows) ? contextBlock([mrkdwn(GATHERED_NOTE)]) : undefined;
}

const GATHERED_NOTE =
  'More problems change than Slack lets us update one by one. The counts of these go on here; their earlier messages stop.';

function rowText(row: Row, origin: string, reason: Reason | undefined): string {
  const worse = reason === 'escalated' ? 'ten times as often as usual · ' : '';
  const moved = row.status === 'moved' ? 'goes on in a newer message · ' : '';
  return `${severityAndCount(row)}${moreText(row)} ${worse}${moved}${summaryLine(row, origin).slice(severityAndCount(row).length + 1)}`;
}

/** The records that no earlier message reports. */
function moreText({ alreadyReported, count }: Row): string {
  return alreadyReported > 0 ? ` (+${counted(count - alreadyReported)})` : '';
}

/** Renders the mention of a message about many groups, and the endpoint that it was meant for. */
export function statusBlock({ intendedFor }: Notification, mention: string | undefined): KnownBlock | undefined {
  const markup = [...(mention === undefined ? [] : [mention]), ...intendedForMarkup(intendedFor)].join(' · ');
  return markup === '' ? undefined : contextBlock([mrkdwn(markup)]);
}

function idBlock({ id }: Notification): KnownBlock | undefined {
  return id === '' ? undefined : contextBlock([mrkdwn(escaped(`id ${id}`, IDS_LENGTH))]);
}

/** Returns the number of records that no earlier message reports. */
export function newRecords(rows: readonly Row[]): number {
  return rows.reduce(
    (sum, { kind, count, alreadyReported }) => (kind === 'loss' ? sum : sum + count - alreadyReported),
    0,
  );
}

/** Formats the title: `🔴 30 problems, 1,204 records`, or, when all were reported before, `🔴 30 problems go on, 204 more records`. */
export function manyTitle({ rows }: Pick<Notification, 'rows'>): string {
  const problems = problemsOf({ rows });
  const isReported = areReported(rows);
  const verb = isReported ? (problems.length === 1 ? ' goes on' : ' go on') : '';
  const subject = problems.length > 0 ? `${countedOf(problems.length, 'problem')}${verb}, ` : '';
  const records = newRecords(rows);
  const more = isReported ? `${counted(records)} more record${records === 1 ? '' : 's'}` : countedOf(records, 'record');
  return `${markOf(rows)} ${subject}${more}`;
}

/** Whether earlier messages report all problems of these rows. */
function areReported(rows: readonly Row[]): boolean {
  const counting = rows.filter(({ kind }) => kind !== 'loss');
  return counting.length > 0 && counting.every(({ alreadyReported }) => alreadyReported > 0);
}

/** Returns the highest severity of all rows, including those that are only counted. */
function worstBand(rows: readonly Row[]): SeverityBand {
  return severityBand(
    Math.max(0, ...rows.filter(({ kind }) => kind !== 'loss').map(({ severityNumber }) => severityNumber)),
  );
}

/** Returns the emoji of the highest severity while a row is live; otherwise that of the status. */
function markOf(rows: readonly Row[]): string {
  if (rows.some(({ status }) => status === 'live')) return worstBand(rows).emoji;
  return rows.some(({ status }) => status === 'silenced') ? SILENCED_MARK : INACTIVE_MARK;
}

function colorOf({ rows }: Notification): string {
  return rows.some(({ status }) => status === 'live') ? worstBand(rows).color : INACTIVE_COLOR;
}

/** Renders the notification text: the title, and the most severe problems. */
export function manyText(notification: Notification, mention: string | undefined): string {
  const named = problemsOf(notification)
    .slice(0, NAMED_IN_TEXT)
    .map((row) => summaryLine(row));
  const text = escaped([manyTitle(notification), ...named].join('\n'), NOTIFICATION_LENGTH);
  return mention === undefined ? text : `${mention} ${text}`;
}

function originAndTimes({ rows }: Notification): KnownBlock {
  const origin = commonOrigin(rows.filter(({ kind }) => kind !== 'loss'));
  const firstMillis = Math.min(...rows.map(({ firstSeenMillis }) => firstSeenMillis));
  const lastMillis = Math.max(...rows.map(({ lastSeenMillis }) => lastSeenMillis));
  const times = mrkdwn(timesMarkup(firstMillis, lastMillis));
  return contextBlock(origin ? [plainText(origin, ROW_LENGTH), times] : [times]);
}

function othersBlock(others: readonly Row[]): KnownBlock | undefined {
  if (others.length === 0) return undefined;
  const bySeverity = new Map<string, number>();
  for (const { severityNumber, count } of others) {
    const { name } = severityBand(severityNumber);
    bySeverity.set(name, (bySeverity.get(name) ?? 0) + count);
  }
  const records = others.reduce((sum, { count }) => sum + count, 0);
  const problems = countedOf(others.length, 'other problem');
  const text = `and ${countedOf(records, 'record')} of ${problems}: ${countsText(bySeverity)}`;
  return sectionBlock(plainText(text, ROW_LENGTH));
}

/** Renders the rows that are no single problem: records beyond `maxGroups`, and records that never arrived. */
function restAndLossBlocks({ rows, groups }: Notification): readonly KnownBlock[] {
  return rows
    .filter(({ kind }) => kind !== 'problem')
    .map((row) => {
      const breakdown = groups.find(({ fingerprint }) => fingerprint === row.fingerprint)?.breakdown;
      const parts = breakdown === undefined ? '' : ` · ${breakdownText(breakdown)}`;
      return sectionBlock(plainText(`${summaryLine(row)}${parts}`, 2 * ROW_LENGTH));
    });
}
