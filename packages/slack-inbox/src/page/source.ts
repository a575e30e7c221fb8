import { messageObject } from '../api/index.js';
import { type JsonObject, objectsOf, stringOf } from '../model/index.js';
import type { Store } from '../state/index.js';
import type { Source } from '../ui/wire.js';
import { problemsOf } from './entry.js';
import type { Feed } from './feed.js';

const BUILDER = 'https://app.slack.com/block-kit-builder/#';

/** The JSON behind an entry; nothing when it is no more. */
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

/** Slack's editor with the message in it; nothing when the message is nothing that it can show. */
function builderLink({ text, blocks, attachments }: JsonObject): string | undefined {
  const legacy = objectsOf(attachments);
  const own = objectsOf(blocks);
  const isOnlyText = own.length === 0 && stringOf(text) !== '';
  const shown = isOnlyText ? [{ type: 'section', text: { type: 'mrkdwn', text: stringOf(text) } }] : own;
  if (shown.length + legacy.length === 0) return undefined;
  const payload = legacy.length > 0 ? { blocks: shown, attachments: legacy } : { blocks: shown };
  return BUILDER + encodeURIComponent(JSON.stringify(payload));
}
