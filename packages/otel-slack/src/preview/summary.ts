import { severityBand } from '../../../../src/record/index.js';
import type { DropReason } from '../../../../src/telemetry/index.js';
import { counted, countedOf } from '../../../../src/util/index.js';
import type { Colors } from '../shared/colors.js';
import type { Problem } from './problems.js';
import type { MessageCounts } from './slack.js';

/** The result of a preview, as `--json` prints it. */
export interface Summary {
  readonly records: number;
  /** Lines or documents that could not be read. */
  readonly unreadable: number;
  readonly firstUnreadable?: { readonly line: number; readonly problem: string } | undefined;
  /** Records without a possible time. */
  readonly withoutTime: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly seconds: number;
  /** 1 to 24. */
  readonly minSeverity: number;
  /** Records that a route takes. */
  readonly wanted: number;
  readonly problems: number;
  /** The problems with the most records. */
  readonly topProblems: readonly Problem[];
  /** By the label of the destination. */
  readonly destinations: Readonly<Record<string, MessageCounts>>;
  readonly total: MessageCounts;
  /** `total`, scaled to a day; undefined when the records span less than a minute. */
  readonly perDay?: MessageCounts | undefined;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly tookSeconds: number;
  /** The peak memory of the process. */
  readonly maxMemoryBytes: number;
}

const DAY_SECONDS = 86_400;
const SHORTEST_SPAN_SECONDS = 60;

/** Scales counts to a day. */
export function perDay(total: MessageCounts, seconds: number): MessageCounts | undefined {
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

/** Adds the counts of all destinations. */
export function totalOf(counts: Iterable<MessageCounts>): MessageCounts {
  const total = { messages: 0, edits: 0, replies: 0, mentions: 0 };
  for (const { messages, edits, replies, mentions } of counts) {
    total.messages += messages;
    total.edits += edits;
    total.replies += replies;
    total.mentions += mentions;
  }
  return total;
}

/** The summary as text, one line each. */
export function summaryLines(summary: Summary, colors: Colors): readonly string[] {
  const rows: (readonly [string, string])[] = [
    ['Read', readText(summary)],
    ...unreadableRows(summary, colors),
    ['To Slack', wantedText(summary)],
    ...topRows(summary),
    ...Object.entries(summary.destinations).map(([label, counts]) => [label, countsText(counts)] as const),
    ['Per day', perDayText(summary, colors)],
    ...droppedRows(summary, colors),
    ['Took', `${summary.tookSeconds.toFixed(1)} s, ${Math.round(summary.maxMemoryBytes / 1_048_576)} MiB at most`],
  ];
  const width = Math.min(24, Math.max(...rows.map(([name]) => name.length)));
  return rows.map(([name, text]) => `${colors.dim(name.padEnd(width))}  ${text}`);
}

function readText({ records, from, to, seconds }: Summary): string {
  if (from === undefined || to === undefined) return countedOf(records, 'record');
  return `${countedOf(records, 'record')} of ${durationText(seconds)}: ${localTime(from)} to ${localTime(to)}`;
}

function unreadableRows({ unreadable, firstUnreadable: first, withoutTime }: Summary, colors: Colors) {
  const rows: [string, string][] = [];
  if (unreadable > 0 && first !== undefined) {
    const which = unreadable === 1 ? 'line' : 'lines; the first is line';
    const count = unreadable === 1 ? '' : `${counted(unreadable)} `;
    rows.push(['Not read', colors.yellow(`${count}${which} ${first.line}: ${first.problem}`)]);
  }
  if (withoutTime > 0)
    rows.push(['No time', `${countedOf(withoutTime, 'record')}; each gets the time of the record before`]);
  return rows;
}

function wantedText({ wanted, problems, minSeverity }: Summary): string {
  const { name, from } = severityBand(minSeverity);
  const threshold = `${name}${from === minSeverity ? '' : ` (${minSeverity})`} or worse`;
  if (wanted === 0) return `no record is ${threshold} and taken by a route`;
  return `${countedOf(wanted, 'record')} (${threshold}), ${countedOf(problems, 'problem')}`;
}

function topRows({ topProblems }: Summary): readonly (readonly [string, string])[] {
  const width = Math.max(0, ...topProblems.map(({ records }) => counted(records).length));
  return topProblems.map(({ records, title }, index) => [
    index === 0 ? 'Top' : '',
    `${counted(records).padStart(width)}×  ${title}`,
  ]);
}

function countsText({ messages, edits, replies, mentions }: MessageCounts): string {
  const parts = [countedOf(messages, 'message'), countedOf(edits, 'edit'), replies && repliesText(replies)];
  if (mentions > 0) parts.push(`${counted(mentions)} with a mention`);
  return parts.filter((part) => part).join(', ');
}

function repliesText(replies: number): string {
  return `${counted(replies)} ${replies === 1 ? 'reply' : 'replies'} in threads`;
}

function perDayText({ perDay: day, seconds }: Summary, colors: Colors): string {
  if (day === undefined) return 'unknown: the records span less than a minute';
  const basis = Math.abs(seconds - DAY_SECONDS) < DAY_SECONDS / 20 ? '' : ` (scaled from ${durationText(seconds)})`;
  return `${colors.bold(countedOf(day.messages, 'message'))}, ${countsText(day).replace(/^[^,]+, /, '')}${basis}`;
}

function droppedRows({ dropped }: Summary, colors: Colors): readonly (readonly [string, string])[] {
  const reasons = Object.entries(dropped).filter(([, records]) => records > 0);
  if (reasons.length === 0) return [];
  return [['Dropped', colors.yellow(reasons.map(([reason, count]) => `${counted(count)} ${reason}`).join(', '))]];
}

function durationText(seconds: number): string {
  if (seconds < 120) return countedOf(Math.round(seconds), 'second');
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  if (seconds < 2 * DAY_SECONDS) return `${(seconds / 3_600).toFixed(1).replace(/\.0$/, '')} hours`;
  return `${(seconds / DAY_SECONDS).toFixed(1).replace(/\.0$/, '')} days`;
}

/** `2026-03-01 14:02:07` in the local time zone. */
function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${date.toTimeString().slice(0, 8)}`;
}
