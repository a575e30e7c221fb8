import type { KnownBlock, MessageAttachment } from '@slack/types';
import { contextBlock, headerBlock, mrkdwn, plainText, present, sectionBlock } from './blocks.js';
import { whatIsWrong } from './check-message.js';
import type { Selection } from './choose.js';
import { type Details, type Look, renderDetails } from './details.js';
import { countRecords, type Group, type Rest } from './group.js';
import { headlineText, summaryLine } from './headline.js';
import { SLACK_LIMITS } from './limits.js';
import type { SlackMessage } from './message.js';
import { escaped } from './mrkdwn.js';
import { SEVERITY_BANDS, type SeverityBand, severityBand } from './severity.js';
import { counted, countedOf } from './text.js';

/** What is shown of a push notification on a phone, and some more for those who read the text alone. */
const TEXT_LENGTH = 600;
const DIGEST_ROW_LENGTH = 200;
/** How many groups a notification about several names. */
const NAMED_IN_TEXT = 3;

/** How much one group's details may say when it has the message for itself, in characters. See SLACK_LIMITS.messageText. */
const DETAILS: Details = {
  messageText: 1_500,
  stackText: 2_900,
  attributesText: 2_000,
  fieldText: 250,
  linkText: 600,
};

/** Group(s) → the message that shows them, escaped, within every limit of Slack's. */
export function render(selection: Selection, look: Look): SlackMessage {
  const [first] = selection.named;
  if (selection.kind === 'digest' || first === undefined) return renderDigest(selection);
  if (selection.kind === 'several') return renderSeveral(selection, look);
  return {
    text: escaped(summaryLine(first), TEXT_LENGTH),
    blocks: [headline(first)],
    attachments: [detailsOf(first, look, DETAILS)],
  };
}

/** The same message without any look: what is sent once when Slack refuses the blocks. */
export function renderPlainText(message: SlackMessage): SlackMessage {
  return { text: message.text };
}

function headline(group: Group): KnownBlock {
  return headerBlock(headlineText(group));
}

function detailsOf(group: Group, look: Look, details: Details): MessageAttachment {
  return { color: severityBand(group.sample.severityNumber).color, blocks: renderDetails(group, look, details) };
}

/** The least of DETAILS that a group gets: with it the most that may be several fit, whatever is in them. */
const LEAST_SHARE = 1 / 40;

/** A few groups in one message: they share the room. Most say less than they might, so it is tried before it is cut. */
function renderSeveral(selection: Selection, look: Look): SlackMessage {
  let share = 1 / selection.named.length;
  let message = renderShares(selection, look, share);
  while (share > LEAST_SHARE && whatIsWrong(message) !== undefined) {
    share = Math.max(LEAST_SHARE, share / 2);
    message = renderShares(selection, look, share);
  }
  return message;
}

/** An attachment with its own bar for each group. */
function renderShares(selection: Selection, look: Look, share: number): SlackMessage {
  const details: Details = {
    messageText: Math.floor(DETAILS.messageText * share),
    stackText: Math.floor(DETAILS.stackText * share),
    attributesText: Math.floor(DETAILS.attributesText * share),
    fieldText: 80,
    linkText: 200,
  };
  return {
    text: manyText(selection),
    blocks: [headerBlock(manyTitle(selection))],
    attachments: selection.named.map((group) => {
      const { color, blocks = [] } = detailsOf(group, look, details);
      return { color: color as string, blocks: [headline(group), ...(blocks as KnownBlock[])] };
    }),
  };
}

/** Many groups: a line each for the worst, counts for the others. */
function renderDigest(selection: Selection): SlackMessage {
  const rows = selection.named.map((group) => sectionBlock(plainText(summaryLine(group), DIGEST_ROW_LENGTH)));
  return {
    text: manyText(selection),
    blocks: [headerBlock(manyTitle(selection))],
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

function manyTitle(selection: Selection): string {
  const problems = selection.groups.length > 0 ? `${countedOf(selection.groups.length, 'problem')}, ` : '';
  return `${worstBand(selection).emoji} ${problems}${countedOf(countRecords(selection), 'record')}`;
}

/** Of all that is in it, the records that are only counted included. */
function worstBand({ groups, rest }: Selection): SeverityBand {
  const names = new Set(bySeverity(groups, rest).keys());
  return SEVERITY_BANDS.findLast(({ name }) => names.has(name)) ?? severityBand(0);
}

function manyText(selection: Selection): string {
  const named = selection.named.slice(0, NAMED_IN_TEXT).map(summaryLine);
  return escaped([manyTitle(selection), ...named].join('\n'), TEXT_LENGTH);
}

function othersBlock({ groups, named, rest }: Selection): KnownBlock | undefined {
  const others = groups.slice(named.length);
  if (others.length === 0 && rest.records === 0) return undefined;
  const records = countRecords({ groups: others, rest });
  const problems = others.length > 0 ? ` of ${countedOf(others.length, 'other problem')}` : '';
  const severities = [...bySeverity(others, rest)].map(([name, count]) => `${counted(count)} ${name}`).join(', ');
  const also = rest.records > 0 && others.length > 0 ? ' and of problems that are no longer told apart' : '';
  return sectionBlock(
    plainText(`and ${countedOf(records, 'record')}${problems}${also}: ${severities}`, DIGEST_ROW_LENGTH),
  );
}

function bySeverity(groups: readonly Group[], rest: Rest): ReadonlyMap<string, number> {
  const sums = new Map<string, number>(rest.bySeverity);
  for (const group of groups) {
    const { name } = severityBand(group.sample.severityNumber);
    sums.set(name, (sums.get(name) ?? 0) + group.count);
  }
  return sums;
}
