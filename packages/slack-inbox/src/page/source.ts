import { messageObject } from '../api/index.js';
import { type JsonObject, objectsOf, stringOf } from '../model/index.js';
import type { Store } from '../state/index.js';
import type { Source } from '../ui/wire.js';
import { problemsOf } from './entry.js';
import type { Feed } from './feed.js';

const BLOCK_KIT_BUILDER = 'https://app.slack.com/block-kit-builder/#';

/** Returns the JSON of an entry; `undefined` when the entry does not exist any more. */
export function sourceOf(store: Store, feed: Feed, key: string): Source | undefined {
  const request = feed.item(key)?.request;
  if (request) return withBuilder(request.body ?? {}, { json: request.body ?? null, problems: problemsOf(request) });
  const [channel = '', ts = ''] = key.split('/');
  const message = store.message(channel, ts);
  if (!message) return undefined;
  const json = messageObject(message);
  return withBuilder({ ...message }, { json, problems: [] });
}

function withBuilder(content: JsonObject, source: Source): Source {
  const builderUrl = builderLink(content);
  return builderUrl === undefined ? source : { ...source, builderUrl };
}

/** Returns a link that opens the message in Slack's Block Kit Builder; `undefined` when it has nothing to show. */
function builderLink({ text, blocks, attachments }: JsonObject): string | undefined {
  const legacyAttachments = objectsOf(attachments);
  const ownBlocks = objectsOf(blocks);
  const isOnlyText = ownBlocks.length === 0 && stringOf(text) !== '';
  const shown = isOnlyText ? [{ type: 'section', text: { type: 'mrkdwn', text: stringOf(text) } }] : ownBlocks;
  if (shown.length + legacyAttachments.length === 0) return undefined;
  const payload = legacyAttachments.length > 0 ? { blocks: shown, attachments: legacyAttachments } : { blocks: shown };
  return BLOCK_KIT_BUILDER + encodeURIComponent(JSON.stringify(payload));
}
