import { type InboxMessage, objectsOf } from '../model/index.js';
import { box, type PageNode } from '../ui/tree.js';
import { attachmentNodes } from './attachment.js';
import { blockNodes } from './blocks.js';
import { mrkdwnNodes } from './mrkdwn.js';

/** Renders the content of a message. Text from outside is never HTML, and links have a safe scheme. */
export function contentNodes({ text, payload, ...message }: InboxMessage): readonly PageNode[] {
  const blocks = objectsOf(message.blocks);
  return [
    // As in Slack: when there are blocks, the text is only for notifications.
    ...(blocks.length > 0
      ? blocks.flatMap(blockNodes)
      : box('text', mrkdwnNodes(text, { isVerbatim: payload.parse === 'none' }))),
    ...objectsOf(message.attachments).flatMap(attachmentNodes),
  ];
}
