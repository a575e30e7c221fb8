import type { KnownBlock } from '@slack/types';
import { contextBlock, headerBlock, mrkdwn, plainText, present, sectionBlock } from './blocks.js';
import type { Selection } from './choose.js';
import { timesMarkup } from './details.js';
import { countRecords, type Group, type Rest } from './group.js';
import { commonOrigin, missingFromHeadline, summaryLine } from './headline.js';
import { SLACK_LIMITS } from './limits.js';
import type { SlackMessage } from './message.js';
import { escaped } from './mrkdwn.js';
import { SEVERITY_BANDS, type SeverityBand, severityBand } from './severity.js';
import { counted, countedOf } from './text.js';

/** What is shown of a push notification on a phone, and some more for those who read the text alone. */
export const NOTIFICATION_LENGTH = 600;
/** A row of a digest: two lines on a phone. */
const ROW_LENGTH = 200;
/** How many groups a notification about several names. */
const NAMED_IN_TEXT = 3;

/** Many groups: a line each for the worst, counts for the others. */
export function renderDigest(selection: Selection): SlackMessage {
  const origin = commonOrigin(selection.groups);
  const rows = selection.named.map((group) =>
    sectionBlock(plainText(summaryLine(group, origin), ROW_LENGTH, missingFromHeadline(group.sample))),
  );
  return {
    text: manyText(selection),
    blocks: present([headerBlock(manyTitle(selection)), originAndTimes(selection)]),
    attachments: [
      {
        color: worstBand(selection).color,
        blocks: present([...rows, othersBlock(selection), idBlock(selection)]),
      },
    ],
  };
}

/**
 * The ids by which two copies of a message are known: those of the groups that may have been shown already, and that of
 * the group that waited longest, which stays the same from one attempt to the next.
 */
function idBlock({ groups }: Selection): KnownBlock | undefined {
  const [oldest] = groups.toSorted((a, b) => a.waitingSinceMillis - b.waitingSinceMillis);
  const ids = new Set(groups.filter((group) => group === oldest || group.unanswered > 0).map((group) => group.id));
  return ids.size === 0
    ? undefined
    : contextBlock([mrkdwn(escaped(`id ${[...ids].join(' ')}`, SLACK_LIMITS.contextText))]);
}

/** `🔴 30 problems, 1,204 records`. */
export function manyTitle(selection: Selection): string {
  const problems = selection.groups.length > 0 ? `${countedOf(selection.groups.length, 'problem')}, ` : '';
  return `${worstBand(selection).emoji} ${problems}${countedOf(countRecords(selection), 'record')}`;
}

/** Of all that is in it, the records that are only counted included. */
function worstBand({ groups, rest }: Selection): SeverityBand {
  const names = new Set(bySeverity(groups, rest).keys());
  return SEVERITY_BANDS.findLast(({ name }) => names.has(name)) ?? severityBand(0);
}

/** The notification: how much, and the worst of it. */
export function manyText(selection: Selection): string {
  const named = selection.named.slice(0, NAMED_IN_TEXT).map((group) => summaryLine(group));
  return escaped([manyTitle(selection), ...named].join('\n'), NOTIFICATION_LENGTH);
}

function originAndTimes({ groups }: Selection): KnownBlock | undefined {
  if (groups.length === 0) return undefined;
  const origin = commonOrigin(groups);
  const firstMillis = Math.min(...groups.map(({ firstSeenMillis }) => firstSeenMillis));
  const lastMillis = Math.max(...groups.map(({ lastSeenMillis }) => lastSeenMillis));
  const times = mrkdwn(timesMarkup(firstMillis, lastMillis));
  return contextBlock(origin ? [plainText(origin, ROW_LENGTH), times] : [times]);
}

function othersBlock({ groups, named, rest }: Selection): KnownBlock | undefined {
  const others = groups.slice(named.length);
  if (others.length === 0 && rest.records === 0) return undefined;
  const records = countRecords({ groups: others, rest });
  const problems = others.length > 0 ? ` of ${countedOf(others.length, 'other problem')}` : '';
  const severities = [...bySeverity(others, rest)].map(([name, count]) => `${counted(count)} ${name}`).join(', ');
  const also = rest.records > 0 && others.length > 0 ? ' and of problems that are no longer told apart' : '';
  return sectionBlock(plainText(`and ${countedOf(records, 'record')}${problems}${also}: ${severities}`, ROW_LENGTH));
}

function bySeverity(groups: readonly Group[], rest: Rest): ReadonlyMap<string, number> {
  const sums = new Map<string, number>(rest.bySeverity);
  for (const group of groups) {
    const { name } = severityBand(group.sample.severityNumber);
    sums.set(name, (sums.get(name) ?? 0) + group.count);
  }
  return sums;
}
