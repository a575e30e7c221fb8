import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { Group, Notification, Row } from '../groups/index.js';
import { missingFromHeadline, severityBand, whatHappened } from '../record/index.js';
import type { SlackMessage } from '../slack/index.js';
import { counted, oneLine } from '../util/index.js';
import { contextBlock, headerBlock, mrkdwn, present } from './blocks.js';
import { type Appearance, type Details, originLine, renderDetails, renderSample } from './details.js';
import { INACTIVE_COLOR, manyText, manyTitle, NOTIFICATION_LENGTH, renderDigest, statusBlock } from './digest.js';
import { headlineText, summaryLine } from './headline.js';
import { escaped } from './mrkdwn.js';
import { intendedForMarkup, statusMarkup } from './status.js';
import { problemWith } from './validate-message.js';

/** The lengths of the details of a group that is alone in its message. Together they stay within SLACK_LIMITS.messageText. */
const DETAILS: Details = {
  messageText: 1_500,
  stackText: 2_900,
  attributesText: 2_000,
  fieldText: 250,
  linkText: 600,
};

/** Renders a notification as a Slack message, escaped and within all of Slack's limits. `mention`: markup that mentions people. */
export function render(notification: Notification, appearance: Appearance, mention?: string): SlackMessage {
  const [first] = notification.rows;
  if (first === undefined || notification.kind === 'digest') return renderDigest(notification, mention);
  if (notification.act === 'reply') return renderReply(notification, first, appearance, mention);
  if (notification.kind === 'several') return renderSeveral(notification, appearance, mention);
  return renderSingle(notification, first, appearance, mention);
}

/** Reduces a message to its text, for a message whose details are refused. */
export function renderPlainText({ text }: SlackMessage): SlackMessage {
  return { text };
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
    // Without a group the problem has moved to a newer message, and Slack keeps the details of this one.
    ...(group && { attachments: [detailsOf(row, group, appearance, DETAILS)] }),
  };
}

/** Renders the part above the details: headline, origin and times, mention and status. */
function headOf(notification: Notification, row: Row, mention?: string): KnownBlock[] {
  const group = groupOf(notification, row);
  const status = statusMarkup(row, group, notification.reasons.get(row.fingerprint));
  const isSingle = notification.kind === 'single';
  const markup = [
    ...(mention === undefined ? [] : [mention]),
    ...(isSingle ? intendedForMarkup(notification.intendedFor) : []),
    ...status,
  ].join(' · ');
  return present([
    headerBlock(headlineText(row), row.missing),
    originLine(row, group),
    markup === '' ? undefined : contextBlock([mrkdwn(markup)]),
  ]);
}

function groupOf({ groups }: Notification, { fingerprint }: Row): Group | undefined {
  return groups.find((group) => group.fingerprint === fingerprint);
}

function detailsOf(row: Row, group: Group, appearance: Appearance, details: Details): MessageAttachment {
  const color = row.status === 'live' ? severityBand(row.severityNumber).color : INACTIVE_COLOR;
  return { color, blocks: renderDetails(row, group, appearance, details) };
}

/** Renders a reply in a thread: a variant, or a tenfold rate. */
function renderReply(
  notification: Notification,
  row: Row,
  appearance: Appearance,
  mention: string | undefined,
): SlackMessage {
  const group = groupOf(notification, row);
  const variant = notification.reasons.get(row.fingerprint) === 'variant' ? group?.variant : undefined;
  const mentionPrefix = mention === undefined ? '' : `${mention} `;
  if (group === undefined || variant === undefined) {
    const escalation = `ten times as often as usual: ${counted(row.perMinute)} a minute, ${counted(row.count)} in all`;
    const text = `${escaped(oneLine(`${escalation} · ${row.what}`), NOTIFICATION_LENGTH, row.missing)}`;
    return { text: `${mentionPrefix}${text}`, blocks: [contextBlock([mrkdwn(`${mentionPrefix}*${escalation}*`)])] };
  }
  const title = oneLine(`${variantTitle(group, variant)}: ${whatHappened(variant)}`);
  const missing = missingFromHeadline(variant);
  return {
    text: `${mentionPrefix}${escaped(title, NOTIFICATION_LENGTH, missing)}`,
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

/** Returns how a variant differs from the first record. */
function variantTitle({ sample }: Group, variant: Group['sample']): string {
  const version = variant.resource.serviceVersion;
  if (version !== undefined && version !== sample.resource.serviceVersion) return `Now also in version ${version}`;
  return whatHappened(variant) === whatHappened(sample) ? 'The same from another place' : 'Also';
}

/** The smallest share of DETAILS for a group. With it, any message of several groups keeps Slack's limits. */
const MIN_SHARE = 1 / 40;

/**
 * Renders a few groups in one message. Most details are short, so each group may use a large share first, and the share is
 * halved until the message keeps the limits.
 */
function renderSeveral(notification: Notification, appearance: Appearance, mention: string | undefined): SlackMessage {
  let share = 1 / notification.rows.length;
  let message = renderShares(notification, appearance, share, mention);
  while (share > MIN_SHARE && problemWith(message) !== undefined) {
    share = Math.max(MIN_SHARE, share / 2);
    message = renderShares(notification, appearance, share, mention);
  }
  return message;
}

/** Renders an attachment with its own color bar for each group. */
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
  if (group === undefined) return { color: INACTIVE_COLOR, blocks: headOf(notification, row) };
  const { color, blocks = [] } = detailsOf(row, group, appearance, details);
  return { color: color as string, blocks: [...headOf(notification, row), ...(blocks as KnownBlock[])] };
}
