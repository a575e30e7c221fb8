import { type InboxMessage, objectsOf } from '../model/index.js';
import { box, type PageNode } from '../ui/tree.js';
import { attachmentNodes } from './attachment.js';
import { blockNodes } from './blocks.js';
import { mrkdwnNodes } from './mrkdwn.js';

/** What a message says, as the page shows it: what a stranger wrote is text in it, and links are safe. */
export function contentNodes({ text, payload, ...message }: InboxMessage): readonly PageNode[] {
  const blocks = objectsOf(message.blocks);
  return [
    // As in Slack: beside blocks the text is for notifications only.
    ...(blocks.length > 0
      ? blocks.flatMap(blockNodes)
      : box('text', mrkdwnNodes(text, { isVerbatim: payload.parse === 'none' }))),
    ...objectsOf(message.attachments).flatMap(attachmentNodes),
  ];
}
