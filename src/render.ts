import type { KnownBlock, MessageAttachment } from '@slack/types';
import { contextBlock, headerBlock, mrkdwn, plainText, present, sectionBlock } from './blocks.js';
import type { Selection } from './choose.js';
import { type Details, type Look, renderDetails } from './details.js';
import { countRecords, type Group, type Rest } from './group.js';
import { howBad, summaryLine, whatHappened } from './headline.js';
import type { SlackMessage } from './message.js';
import { escaped } from './mrkdwn.js';
import { severityBand } from './severity.js';
import { counted, countedOf } from './text.js';

/** What is shown of a push notification on a phone, and some more for those who read the text alone. */
const TEXT_LENGTH = 600;
const DIGEST_ROW_LENGTH = 200;
/** How many groups a notification about several names. */
const NAMED_IN_TEXT = 3;

/** How much one group's details may say when it has the message for itself, in characters. See SLACK_LIMITS.messageText. */
const DETAILS: Details = { messageText: 1_500, stackText: 2_900, attributesText: 2_000, fieldText: 250 };

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
  return headerBlock(`${howBad(group)} · ${whatHappened(group.sample)}`);
}

function detailsOf(group: Group, look: Look, details: Details): MessageAttachment {
  return { color: severityBand(group.sample.severityNumber).color, blocks: renderDetails(group, look, details) };
}

/** A few groups in one message: an attachment with its own bar for each. They share the room. */
function renderSeveral(selection: Selection, look: Look): SlackMessage {
  const share = 1 / selection.named.length;
  const details: Details = {
    messageText: DETAILS.messageText * share,
    stackText: DETAILS.stackText * share,
    attributesText: DETAILS.attributesText * share,
    fieldText: 80,
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
  const ids = selection.named.map((group) => group.id).join(' ');
  const worst = Math.max(0, ...selection.named.map((group) => group.sample.severityNumber));
  return {
    text: manyText(selection),
    blocks: [headerBlock(manyTitle(selection))],
    attachments: [
      {
        color: severityBand(worst).color,
        blocks: present([...rows, othersBlock(selection), ids ? contextBlock([mrkdwn(`id ${ids}`)]) : undefined]),
      },
    ],
  };
}

function manyTitle(selection: Selection): string {
  const worst = selection.named[0];
  const emoji = worst ? `${severityBand(worst.sample.severityNumber).emoji} ` : '';
  const problems = selection.groups.length > 0 ? `${countedOf(selection.groups.length, 'problem')}, ` : '';
  return `${emoji}${problems}${countedOf(countRecords(selection), 'record')}`;
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
