import { severityBand } from '../../../../src/record/severity.js';
import type { DropReason } from '../../../../src/telemetry/ledger.js';
import { counted, countedOf } from '../../../../src/util/text.js';
import type { Paint } from '../shared/paint.js';
import type { Problem } from './problems.js';
import type { PlaceCounts } from './slack.js';

/** What a preview has found; the whole of it with `--json`. */
export interface Summary {
  readonly records: number;
  /** Lines or documents that could not be read, and the first of them. */
  readonly unreadable: number;
  readonly firstUnreadable?: { readonly line: number; readonly problem: string } | undefined;
  /** Records whose time is absent or cannot be. */
  readonly timeless: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly seconds: number;
  /** 1 to 24. */
  readonly minSeverity: number;
  /** Records that go to Slack. */
  readonly wanted: number;
  readonly problems: number;
  readonly loudest: readonly Problem[];
  readonly places: Readonly<Record<string, PlaceCounts>>;
  readonly total: PlaceCounts;
  /** The same, for a day; undefined when the records span less than a minute. */
  readonly perDay?: PlaceCounts | undefined;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly tookSeconds: number;
  /** The most memory that the process has had, in bytes. */
  readonly maxMemoryBytes: number;
}

const DAY_SECONDS = 86_400;
const SHORTEST_SPAN_SECONDS = 60;

/** Counts as they would be of a whole day. */
export function perDay(total: PlaceCounts, seconds: number): PlaceCounts | undefined {
  if (seconds < SHORTEST_SPAN_SECONDS) return undefined;
  const scaled = (count: number): number => Math.round((count * DAY_SECONDS) / seconds);
  const { messages, edits, replies, mentions } = total;
  return {
    messages: scaled(messages),
    edits: scaled(edits),
    replies: scaled(replies),
    mentions: scaled(mentions),
  };
}

/** The sum of all places. */
export function totalOf(places: Iterable<PlaceCounts>): PlaceCounts {
  const total = { messages: 0, edits: 0, replies: 0, mentions: 0 };
  for (const { messages, edits, replies, mentions } of places) {
    total.messages += messages;
    total.edits += edits;
    total.replies += replies;
    total.mentions += mentions;
  }
  return total;
}

/** For a person. */
export function summaryLines(summary: Summary, paint: Paint): readonly string[] {
  const rows: (readonly [string, string])[] = [
    ['Read', readText(summary)],
    ...unreadableRows(summary, paint),
    ['Wanted', wantedText(summary)],
    ...loudestRows(summary),
    ...Object.entries(summary.places).map(([place, counts]) => [place, countsText(counts)] as const),
    ['A day', perDayText(summary, paint)],
    ...droppedRows(summary, paint),
    ['Took', `${summary.tookSeconds.toFixed(1)} s, ${Math.round(summary.maxMemoryBytes / 1_048_576)} MiB at most`],
  ];
  const width = Math.min(24, Math.max(...rows.map(([name]) => name.length)));
  return rows.map(([name, text]) => `${paint('dim', name.padEnd(width))}  ${text}`);
}

function readText({ records, from, to, seconds }: Summary): string {
  if (from === undefined || to === undefined) return countedOf(records, 'record');
  return `${countedOf(records, 'record')} of ${durationText(seconds)}: ${localTime(from)} to ${localTime(to)}`;
}

function unreadableRows({ unreadable, firstUnreadable: first, timeless }: Summary, paint: Paint) {
  const rows: [string, string][] = [];
  if (unreadable > 0 && first !== undefined) {
    const which = unreadable === 1 ? 'line' : 'lines; the first is line';
    const count = unreadable === 1 ? '' : `${counted(unreadable)} `;
    rows.push(['Not read', paint('yellow', `${count}${which} ${first.line}: ${first.problem}`)]);
  }
  if (timeless > 0) rows.push(['No time', `${countedOf(timeless, 'record')}, taken to be of when the one before was`]);
  return rows;
}

function wantedText({ wanted, problems, minSeverity }: Summary): string {
  const { name, from } = severityBand(minSeverity);
  const threshold = `${name}${from === minSeverity ? '' : ` (${minSeverity})`} or worse`;
  if (wanted === 0) return `no record is ${threshold} and wanted by a route`;
  return `${countedOf(wanted, 'record')} (${threshold}), ${countedOf(problems, 'problem')}`;
}

function loudestRows({ loudest }: Summary): readonly (readonly [string, string])[] {
  const width = Math.max(0, ...loudest.map(({ records }) => counted(records).length));
  return loudest.map(({ records, title }, index) => [
    index === 0 ? 'Loudest' : '',
    `${counted(records).padStart(width)}×  ${title}`,
  ]);
}

function countsText({ messages, edits, replies, mentions }: PlaceCounts): string {
  const parts = [countedOf(messages, 'message'), countedOf(edits, 'edit'), replies && repliesText(replies)];
  if (mentions > 0) parts.push(`${counted(mentions)} that ${mentions === 1 ? 'calls' : 'call'} somebody`);
  return parts.filter((part) => part).join(', ');
}

function repliesText(replies: number): string {
  return `${counted(replies)} ${replies === 1 ? 'reply' : 'replies'} in threads`;
}

function perDayText({ perDay: day, seconds }: Summary, paint: Paint): string {
  if (day === undefined) return 'the records span less than a minute, which tells nothing of a day';
  const basis = Math.abs(seconds - DAY_SECONDS) < DAY_SECONDS / 20 ? '' : ` (scaled from ${durationText(seconds)})`;
  return `${paint('bold', countedOf(day.messages, 'message'))}, ${countsText(day).replace(/^[^,]+, /, '')}${basis}`;
}

function droppedRows({ dropped }: Summary, paint: Paint): readonly (readonly [string, string])[] {
  const reasons = Object.entries(dropped).filter(([, records]) => records > 0);
  if (reasons.length === 0) return [];
  return [['Dropped', paint('yellow', reasons.map(([reason, count]) => `${counted(count)} ${reason}`).join(', '))]];
}

function durationText(seconds: number): string {
  if (seconds < 120) return countedOf(Math.round(seconds), 'second');
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  if (seconds < 2 * DAY_SECONDS) return `${(seconds / 3_600).toFixed(1).replace(/\.0$/, '')} hours`;
  return `${(seconds / DAY_SECONDS).toFixed(1).replace(/\.0$/, '')} days`;
}

/** `2026-03-01 14:02:07`, in the time zone of whoever reads. */
function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${date.toTimeString().slice(0, 8)}`;
}
