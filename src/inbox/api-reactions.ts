import type { ChannelCall, Method } from './api-method.js';
import { stringOf } from './json.js';
import { messageObject } from './message-object.js';
import { apiError, jsonReply, type Reply } from './reply.js';
import { IDENTITY } from './state.js';
import type { InboxMessage, InboxReaction } from './types.js';

/** The methods around emoji under a message. */
export const REACTION_METHODS: Readonly<Record<string, Method>> = {
  'reactions.add': {
    scope: 'reactions:write',
    required: ['channel', 'timestamp', 'name'],
    channelFrom: 'id',
    run: (call) => changeReaction(call, add),
  },
  'reactions.remove': {
    scope: 'reactions:write',
    required: ['channel', 'timestamp', 'name'],
    channelFrom: 'id',
    run: (call) => changeReaction(call, remove),
  },
  'reactions.get': {
    scope: 'reactions:read',
    required: ['channel', 'timestamp'],
    channelFrom: 'id',
    run: ({ state, args, channel }) => {
      const message = state.store.message(channel.id, stringOf(args.timestamp));
      if (!message) return apiError('message_not_found');
      return jsonReply({ ok: true, type: 'message', channel: channel.id, message: messageObject(message) });
    },
  },
};

/** The reactions afterwards, or why not. */
type ReactionChange = (reactions: readonly InboxReaction[], name: string) => readonly InboxReaction[] | string;

function changeReaction({ state, args, channel }: ChannelCall, change: ReactionChange): Reply {
  const message: InboxMessage | undefined = state.store.message(channel.id, stringOf(args.timestamp));
  if (!message) return apiError('message_not_found');
  const name = stringOf(args.name).replaceAll(':', '');
  if (!/^[\w+'-]{1,100}$/.test(name)) return apiError('invalid_name');
  const reactions = change(message.reactions, name);
  if (typeof reactions === 'string') return apiError(reactions);
  state.store.react(message, reactions);
  return jsonReply({ ok: true }, { messageTs: message.ts });
}

// One user in the whole workspace: a reaction is there once or not at all.
function add(reactions: readonly InboxReaction[], name: string): readonly InboxReaction[] | string {
  if (reactions.some((each) => each.name === name)) return 'already_reacted';
  return [...reactions, { name, users: [IDENTITY.user_id], count: 1 }];
}

function remove(reactions: readonly InboxReaction[], name: string): readonly InboxReaction[] | string {
  const left = reactions.filter((each) => each.name !== name);
  return left.length === reactions.length ? 'no_reaction' : left;
}
