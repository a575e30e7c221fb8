import { apiError, jsonReply, type Reply } from '../http/index.js';
import { flagOf, type InboxMessage, type JsonObject, stringOf } from '../model/index.js';
import { type Channel, isTopLevel } from '../state/index.js';
import { messageObject } from './message-object.js';
import type { ChannelCall, Method } from './method.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** The methods that read channels and their messages. */
export const CONVERSATION_METHODS: Readonly<Record<string, Method>> = {
  'conversations.info': {
    scope: 'channels:read',
    required: ['channel'],
    on: 'channel',
    run: ({ channel }) => jsonReply({ ok: true, channel: channelObject(channel) }),
  },
  'conversations.list': {
    scope: 'channels:read',
    run: ({ state, args }) => {
      const all = state.store.channels();
      const shown = flagOf(args.exclude_archived) ? all.filter((each) => !each.isArchived) : all;
      return jsonReply({ ok: true, channels: shown.map(channelObject), response_metadata: { next_cursor: '' } });
    },
  },
  'conversations.history': {
    scope: 'channels:history',
    required: ['channel'],
    on: 'channel',
    run: history,
  },
  'conversations.replies': {
    scope: 'channels:history',
    required: ['channel', 'ts'],
    on: 'channel',
    run: replies,
  },
};

/** Newest first. */
function history(call: ChannelCall): Reply {
  const { state, args, channel } = call;
  if (!channel.isMember) return apiError('not_in_channel');
  const all = state.store.messages(channel.id);
  const shown = all.filter((each) => isTopLevel(each) && isWithin(each, args)).reverse();
  return page(shown, call, (each) => withReplies(each, all, args));
}

/** The parent, then its replies, oldest first. */
function replies(call: ChannelCall): Reply {
  const { state, args, channel } = call;
  if (!channel.isMember) return apiError('not_in_channel');
  const all = state.store.messages(channel.id);
  const requested = state.store.message(channel.id, stringOf(args.ts));
  if (!requested) return apiError('thread_not_found');
  const root = requested.thread_ts ?? requested.ts;
  const thread = all.filter((each) => each.ts === root || (each.thread_ts === root && isWithin(each, args)));
  return page(thread, call, (each) => withReplies(each, all, args));
}

function page(messages: InboxMessage[], { args }: ChannelCall, toObject: (each: InboxMessage) => JsonObject): Reply {
  const limit = Math.min(Number(args.limit ?? 0) || DEFAULT_LIMIT, MAX_LIMIT);
  const start = Number(stringOf(args.cursor)) || 0;
  const end = start + limit;
  const hasMore = end < messages.length;
  return jsonReply({
    ok: true,
    messages: messages.slice(start, end).map(toObject),
    has_more: hasMore,
    ...(hasMore ? { response_metadata: { next_cursor: String(end) } } : {}),
  });
}

function isWithin({ ts }: InboxMessage, args: JsonObject): boolean {
  const at = Number(ts);
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Infinity);
  if (flagOf(args.inclusive) && (at === oldest || at === latest)) return true;
  return at > oldest && at < latest;
}

function withReplies(message: InboxMessage, all: readonly InboxMessage[], args: JsonObject): JsonObject {
  const replies = all.filter((each) => each.thread_ts === message.ts);
  const { metadata } = message.payload;
  return {
    ...messageObject(message),
    ...(replies.length > 0 ? { thread_ts: message.ts, reply_count: replies.length } : {}),
    ...(flagOf(args.include_all_metadata) && metadata ? { metadata } : {}),
  };
}

function channelObject({ id, name, isMember, isArchived }: Channel): JsonObject {
  return {
    id,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_private: false,
    is_archived: isArchived,
    is_member: isMember,
  };
}
