import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { Group, Row } from '../groups/group.js';
import type { Notification } from '../groups/notification.js';
import { severityBand } from '../record/severity.js';
import { missingFromHeadline, whatHappened } from '../record/summary.js';
import type { SlackMessage } from '../slack/types.js';
import { counted, oneLine } from '../util/text.js';
import { contextBlock, headerBlock, mrkdwn, present } from './blocks.js';
import { type Appearance, type Details, renderDetails, renderSample, whoAndWhen } from './details.js';
import { manyText, manyTitle, NOTIFICATION_LENGTH, OVER_COLOR, renderDigest, statusBlock } from './digest.js';
import { headlineText, summaryLine } from './headline.js';
import { escaped } from './mrkdwn.js';
import { intendedForMarkup, statusMarkup } from './status.js';
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
export function render(notification: Notification, appearance: Appearance, mention?: string): SlackMessage {
  const [first] = notification.rows;
  if (first === undefined || notification.kind === 'digest') return renderDigest(notification, mention);
  if (notification.act === 'reply') return renderReply(notification, first, appearance, mention);
  if (notification.kind === 'several') return renderSeveral(notification, appearance, mention);
  return renderSingle(notification, first, appearance, mention);
}

/** The same message without any appearance: what is sent once when Slack refuses the blocks. */
export function renderPlainText(message: SlackMessage): SlackMessage {
  return { text: message.text };
}

function renderSingle(
  notification: Notification,
  row: Row,
  appearance: Appearance,
  mention: string | undefined,
): SlackMessage {
  const group = groupOf(notification, row);
  const text = escaped(summaryLine(row), NOTIFICATION_LENGTH, row.missing);
  return {
    text: mention === undefined ? text : `${mention} ${text}`,
    blocks: headOf(notification, row, mention),
    // Without: the problem goes on elsewhere, and Slack keeps the details that stand here.
    ...(group && { attachments: [detailsOf(row, group, appearance, DETAILS)] }),
  };
}

/** What stands above the details: the headline, who and when, and what has become of it. */
function headOf(notification: Notification, row: Row, mention?: string): KnownBlock[] {
  const group = groupOf(notification, row);
  const status = statusMarkup(row, group, notification.reasons.get(row.fingerprint));
  const isAlone = notification.kind === 'single';
  const markup = [
    ...(mention === undefined ? [] : [mention]),
    ...(isAlone ? intendedForMarkup(notification.intendedFor) : []),
    ...status,
  ].join(' · ');
  return present([
    headerBlock(headlineText(row), row.missing),
    whoAndWhen(row, group),
    markup === '' ? undefined : contextBlock([mrkdwn(markup)]),
  ]);
}

function groupOf({ groups }: Notification, { fingerprint }: Row): Group | undefined {
  return groups.find((group) => group.fingerprint === fingerprint);
}

function detailsOf(row: Row, group: Group, appearance: Appearance, details: Details): MessageAttachment {
  const color = row.status === 'live' ? severityBand(row.severityNumber).color : OVER_COLOR;
  return { color, blocks: renderDetails(row, group, appearance, details) };
}

/** In the thread of a message: a record unlike those before it, or that it has become much worse. */
function renderReply(
  notification: Notification,
  row: Row,
  appearance: Appearance,
  mention: string | undefined,
): SlackMessage {
  const group = groupOf(notification, row);
  const variant = notification.reasons.get(row.fingerprint) === 'variant' ? group?.variant : undefined;
  const wake = mention === undefined ? '' : `${mention} `;
  if (group === undefined || variant === undefined) {
    const worse = `ten times as often as usual: ${counted(row.perMinute)} a minute, ${counted(row.count)} in all`;
    const text = `${escaped(oneLine(`${worse} · ${row.what}`), NOTIFICATION_LENGTH, row.missing)}`;
    return { text: `${wake}${text}`, blocks: [contextBlock([mrkdwn(`${wake}*${worse}*`)])] };
  }
  const title = oneLine(`${variantTitle(group, variant)}: ${whatHappened(variant)}`);
  const missing = missingFromHeadline(variant);
  return {
    text: `${wake}${escaped(title, NOTIFICATION_LENGTH, missing)}`,
    blocks: [headerBlock(title, missing)],
    attachments: [
      {
        color: severityBand(variant.severityNumber).color,
        blocks: renderSample(variant, title, appearance, REPLY_DETAILS),
      },
    ],
  };
}

const REPLY_DETAILS: Details = { ...DETAILS, attributesText: 500 };

/** What about it is new. */
function variantTitle({ sample }: Group, variant: Group['sample']): string {
  const version = variant.resource.serviceVersion;
  if (version !== undefined && version !== sample.resource.serviceVersion) return `Now also in version ${version}`;
  return whatHappened(variant) === whatHappened(sample) ? 'The same from another place' : 'Also';
}

/** The least of DETAILS that a group gets: with it the most that may be several fit, whatever is in them. */
const LEAST_SHARE = 1 / 40;

/** A few groups in one message: they share the room. Most say less than they might, so it is tried before it is cut. */
function renderSeveral(notification: Notification, appearance: Appearance, mention: string | undefined): SlackMessage {
  let share = 1 / notification.rows.length;
  let message = renderShares(notification, appearance, share, mention);
  while (share > LEAST_SHARE && whatIsWrong(message) !== undefined) {
    share = Math.max(LEAST_SHARE, share / 2);
    message = renderShares(notification, appearance, share, mention);
  }
  return message;
}

/** An attachment with its own bar for each group. */
function renderShares(
  notification: Notification,
  appearance: Appearance,
  share: number,
  mention: string | undefined,
): SlackMessage {
  const details: Details = {
    messageText: Math.floor(DETAILS.messageText * share),
    stackText: Math.floor(DETAILS.stackText * share),
    attributesText: Math.floor(DETAILS.attributesText * share),
    fieldText: 80,
    linkText: 200,
  };
  return {
    text: manyText(notification, mention),
    blocks: present([headerBlock(manyTitle(notification)), statusBlock(notification, mention)]),
    attachments: notification.rows.map((row) => shareOf(notification, row, appearance, details)),
  };
}

function shareOf(notification: Notification, row: Row, appearance: Appearance, details: Details): MessageAttachment {
  const group = groupOf(notification, row);
  if (group === undefined) return { color: OVER_COLOR, blocks: headOf(notification, row) };
  const { color, blocks = [] } = detailsOf(row, group, appearance, details);
  return { color: color as string, blocks: [...headOf(notification, row), ...(blocks as KnownBlock[])] };
}
