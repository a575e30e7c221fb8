import type { InboxMessage, JsonObject } from '../model/index.js';
import { IDENTITY } from '../state/index.js';

/** Returns a message in the form that the Web API answers with. */
export function messageObject(message: InboxMessage): JsonObject {
  const { ts, text, blocks, attachments, thread_ts, reply_broadcast, edited, reactions } = message;
  return {
    type: 'message',
    ...(reply_broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: IDENTITY.user_id,
    bot_id: IDENTITY.bot_id,
    app_id: IDENTITY.app_id,
    team: IDENTITY.team_id,
    ts,
    text,
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments: attachments.map((each, index) => ({ id: index + 1, ...each })) } : {}),
    ...(thread_ts === undefined ? {} : { thread_ts }),
    ...(edited ? { edited: { user: IDENTITY.user_id, ts: edited.ts } } : {}),
    ...(reactions.length > 0 ? { reactions } : {}),
  };
}
