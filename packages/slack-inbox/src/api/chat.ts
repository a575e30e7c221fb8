import { apiError, jsonReply, type Reply } from '../http/index.js';
import { type InboxMessage, type JsonObject, LIMITS, stringOf } from '../model/index.js';
import { refuseMessage } from '../validate/index.js';
import { messageObject } from './message-object.js';
import { type ChannelCall, type MessageCall, type Method, problems } from './method.js';
import { permalinkOf } from './permalink.js';

/** The methods that write messages. */
export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage': {
    scope: 'chat:write',
    required: ['channel'],
    on: 'channelOrName',
    posts: true,
    run: postMessage,
  },
  'chat.update': { scope: 'chat:write', required: ['channel', 'ts'], on: 'message', messageFrom: 'ts', run: update },
  'chat.delete': { scope: 'chat:write', required: ['channel', 'ts'], on: 'message', messageFrom: 'ts', run: remove },
  'chat.getPermalink': {
    required: ['channel', 'message_ts'],
    on: 'message',
    messageFrom: 'message_ts',
    run: ({ state, channel, message }) =>
      jsonReply({ ok: true, channel: channel.id, permalink: permalinkOf(state, message) }),
  },
};

function postMessage({ state, args, channel, bytes }: ChannelCall): Reply {
  if (args.thread_ts !== undefined && !isTs(args.thread_ts)) return apiError('invalid_thread_ts');
  const refusal = refuse(args);
  if (refusal) return refusal;
  const message = state.store.post({ channel, via: 'chat.postMessage', payload: args, bytes });
  const isTruncated = stringOf(args.text).length > LIMITS.text;
  const warning = { warning: 'message_truncated', response_metadata: { warnings: ['message_truncated'] } };
  const answer = { ok: true, channel: channel.id, ts: message.ts, message: messageObject(message) };
  return jsonReply(isTruncated ? { ...answer, ...warning } : answer, { messageTs: message.ts });
}

function update({ state, args, channel, bytes, message }: MessageCall): Reply {
  if (!isPostedByToken(message)) return apiError('cant_update_message');
  if (channel.isArchived) return apiError('is_archived');
  if (Buffer.byteLength(stringOf(args.text)) > LIMITS.updateTextBytes) return apiError('msg_too_long');
  const refusal = refuse(args);
  if (refusal) return refusal;
  const updated = state.store.update(message, args, bytes);
  return jsonReply({
    ok: true,
    channel: channel.id,
    ts: updated.ts,
    text: updated.text,
    message: messageObject(updated),
  });
}

function remove({ state, channel, message }: MessageCall): Reply {
  if (!isPostedByToken(message)) return apiError('cant_delete_message');
  state.store.delete(message);
  return jsonReply({ ok: true, channel: channel.id, ts: message.ts });
}

function refuse(args: JsonObject): Reply | undefined {
  const refusal = refuseMessage(args);
  if (!refusal) return undefined;
  return apiError(refusal.error, refusal.problems ? problems(refusal.problems) : {});
}

/** Whether the token's app posted the message. A webhook posts as another bot, so the token cannot change its messages. */
function isPostedByToken(message: InboxMessage): boolean {
  return message.via === 'chat.postMessage';
}

function isTs(value: unknown): boolean {
  return value === '' || (typeof value === 'string' && /^\d{1,16}\.\d{1,6}$/.test(value));
}
