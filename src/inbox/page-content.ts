import { objectsOf } from './json.js';
import { attachmentNodes } from './page-attachment.js';
import { blockNodes } from './page-blocks.js';
import { mrkdwnNodes } from './page-mrkdwn.js';
import type { InboxMessage } from './types.js';
import { box, type PageNode } from './ui/tree.js';

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
