import type { KnownBlock, MessageAttachment } from '@slack/types';
import { headerBlock } from './blocks.js';
import { whatIsWrong } from './check-message.js';
import type { Selection } from './choose.js';
import { type Details, type Look, renderDetails, whoAndWhen } from './details.js';
import { manyText, manyTitle, NOTIFICATION_LENGTH, renderDigest } from './digest.js';
import type { Group } from './group.js';
import { headlineText, missingFromHeadline, summaryLine } from './headline.js';
import type { SlackMessage } from './message.js';
import { escaped } from './mrkdwn.js';
import { severityBand } from './severity.js';

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
    text: escaped(summaryLine(first), NOTIFICATION_LENGTH, missingFromHeadline(first.sample)),
    blocks: [headline(first), whoAndWhen(first)],
    attachments: [detailsOf(first, look, DETAILS)],
  };
}

/** The same message without any look: what is sent once when Slack refuses the blocks. */
export function renderPlainText(message: SlackMessage): SlackMessage {
  return { text: message.text };
}

function headline(group: Group): KnownBlock {
  return headerBlock(headlineText(group), missingFromHeadline(group.sample));
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
      return { color: color as string, blocks: [headline(group), whoAndWhen(group), ...(blocks as KnownBlock[])] };
    }),
  };
}
