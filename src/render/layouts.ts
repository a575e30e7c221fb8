import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { Group, Row } from '../groups/group.js';
import type { Selection } from '../groups/notification.js';
import { severityBand } from '../record/severity.js';
import { missingFromHeadline, whatHappened } from '../record/summary.js';
import type { SlackMessage } from '../slack/types.js';
import { counted, oneLine } from '../util/text.js';
import { contextBlock, headerBlock, mrkdwn, present } from './blocks.js';
import { type Details, type Look, renderDetails, renderSample, whoAndWhen } from './details.js';
import { manyText, manyTitle, NOTIFICATION_LENGTH, OVER_COLOR, renderDigest, statusBlock } from './digest.js';
import { headlineText, summaryLine } from './headline.js';
import { escaped } from './mrkdwn.js';
import { meantForMarkup, statusMarkup } from './status.js';
import { whatIsWrong } from './validate-message.js';

/** How much one group's details may say when it has the message for itself, in characters. See SLACK_LIMITS.messageText. */
const DETAILS: Details = {
  messageText: 1_500,
  stackText: 2_900,
  attributesText: 2_000,
  fieldText: 250,
  linkText: 600,
};

/** What is said → the message that says it, escaped, within every limit of Slack's. `mention`: markup that wakes people. */
export function render(selection: Selection, look: Look, mention?: string): SlackMessage {
  const [first] = selection.rows;
  if (first === undefined || selection.kind === 'digest') return renderDigest(selection, mention);
  if (selection.act === 'reply') return renderReply(selection, first, look, mention);
  if (selection.kind === 'several') return renderSeveral(selection, look, mention);
  return renderSingle(selection, first, look, mention);
}

/** The same message without any look: what is sent once when Slack refuses the blocks. */
export function renderPlainText(message: SlackMessage): SlackMessage {
  return { text: message.text };
}

function renderSingle(selection: Selection, row: Row, look: Look, mention: string | undefined): SlackMessage {
  const group = groupOf(selection, row);
  const text = escaped(summaryLine(row), NOTIFICATION_LENGTH, row.missing);
  return {
    text: mention === undefined ? text : `${mention} ${text}`,
    blocks: headOf(selection, row, mention),
    // Without: the problem goes on elsewhere, and Slack keeps the details that stand here.
    ...(group && { attachments: [detailsOf(row, group, look, DETAILS)] }),
  };
}

/** What stands above the details: the headline, who and when, and what has become of it. */
function headOf(selection: Selection, row: Row, mention?: string): KnownBlock[] {
  const group = groupOf(selection, row);
  const status = statusMarkup(row, group, selection.whys.get(row.fingerprint));
  const isAlone = selection.kind === 'single';
  const markup = [
    ...(mention === undefined ? [] : [mention]),
    ...(isAlone ? meantForMarkup(selection.meantFor) : []),
    ...status,
  ].join(' · ');
  return present([
    headerBlock(headlineText(row), row.missing),
    whoAndWhen(row, group),
    markup === '' ? undefined : contextBlock([mrkdwn(markup)]),
  ]);
}

function groupOf({ groups }: Selection, { fingerprint }: Row): Group | undefined {
  return groups.find((group) => group.fingerprint === fingerprint);
}

function detailsOf(row: Row, group: Group, look: Look, details: Details): MessageAttachment {
  const color = row.standing === 'live' ? severityBand(row.severityNumber).color : OVER_COLOR;
  return { color, blocks: renderDetails(row, group, look, details) };
}

/** In the thread of a message: a record unlike those before it, or that it has become much worse. */
function renderReply(selection: Selection, row: Row, look: Look, mention: string | undefined): SlackMessage {
  const group = groupOf(selection, row);
  const news = selection.whys.get(row.fingerprint) === 'news' ? group?.news : undefined;
  const wake = mention === undefined ? '' : `${mention} `;
  if (group === undefined || news === undefined) {
    const worse = `ten times as often as usual: ${counted(row.perMinute)} a minute, ${counted(row.count)} in all`;
    const text = `${escaped(oneLine(`${worse} · ${row.what}`), NOTIFICATION_LENGTH, row.missing)}`;
    return { text: `${wake}${text}`, blocks: [contextBlock([mrkdwn(`${wake}*${worse}*`)])] };
  }
  const title = oneLine(`${newsTitle(group, news)}: ${whatHappened(news)}`);
  const missing = missingFromHeadline(news);
  return {
    text: `${wake}${escaped(title, NOTIFICATION_LENGTH, missing)}`,
    blocks: [headerBlock(title, missing)],
    attachments: [
      { color: severityBand(news.severityNumber).color, blocks: renderSample(news, title, look, REPLY_DETAILS) },
    ],
  };
}

const REPLY_DETAILS: Details = { ...DETAILS, attributesText: 500 };

/** What about it is new. */
function newsTitle({ sample }: Group, news: Group['sample']): string {
  const version = news.resource.serviceVersion;
  if (version !== undefined && version !== sample.resource.serviceVersion) return `Now also in version ${version}`;
  return whatHappened(news) === whatHappened(sample) ? 'The same from another place' : 'Also';
}

/** The least of DETAILS that a group gets: with it the most that may be several fit, whatever is in them. */
const LEAST_SHARE = 1 / 40;

/** A few groups in one message: they share the room. Most say less than they might, so it is tried before it is cut. */
function renderSeveral(selection: Selection, look: Look, mention: string | undefined): SlackMessage {
  let share = 1 / selection.rows.length;
  let message = renderShares(selection, look, share, mention);
  while (share > LEAST_SHARE && whatIsWrong(message) !== undefined) {
    share = Math.max(LEAST_SHARE, share / 2);
    message = renderShares(selection, look, share, mention);
  }
  return message;
}

/** An attachment with its own bar for each group. */
function renderShares(selection: Selection, look: Look, share: number, mention: string | undefined): SlackMessage {
  const details: Details = {
    messageText: Math.floor(DETAILS.messageText * share),
    stackText: Math.floor(DETAILS.stackText * share),
    attributesText: Math.floor(DETAILS.attributesText * share),
    fieldText: 80,
    linkText: 200,
  };
  return {
    text: manyText(selection, mention),
    blocks: present([headerBlock(manyTitle(selection)), statusBlock(selection, mention)]),
    attachments: selection.rows.map((row) => shareOf(selection, row, look, details)),
  };
}

function shareOf(selection: Selection, row: Row, look: Look, details: Details): MessageAttachment {
  const group = groupOf(selection, row);
  if (group === undefined) return { color: OVER_COLOR, blocks: headOf(selection, row) };
  const { color, blocks = [] } = detailsOf(row, group, look, details);
  return { color: color as string, blocks: [...headOf(selection, row), ...(blocks as KnownBlock[])] };
}
