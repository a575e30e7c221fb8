import { apiError, jsonReply, type Reply } from '../http/index.js';
import { stringOf } from '../model/index.js';
import { emojiName } from '../mrkdwn/index.js';
import { IDENTITY, withoutReaction, withReaction } from '../state/index.js';
import { messageObject } from './message-object.js';
import type { MessageCall, Method } from './method.js';
import { permalinkOf } from './permalink.js';

/** The methods for reactions. They add and remove only the bot's own. */
export const REACTION_METHODS: Readonly<Record<string, Method>> = {
  'reactions.add': {
    scope: 'reactions:write',
    required: ['channel', 'timestamp', 'name'],
    on: 'message',
    messageFrom: 'timestamp',
    run: (call) => changeReaction(call, withReaction, 'already_reacted'),
  },
  'reactions.remove': {
    scope: 'reactions:write',
    required: ['channel', 'timestamp', 'name'],
    on: 'message',
    messageFrom: 'timestamp',
    run: (call) => changeReaction(call, withoutReaction, 'no_reaction'),
  },
  'reactions.get': {
    scope: 'reactions:read',
    required: ['channel', 'timestamp'],
    on: 'message',
    messageFrom: 'timestamp',
    run: ({ state, channel, message }) => {
      const shown = { ...messageObject(message), permalink: permalinkOf(state, message) };
      return jsonReply({ ok: true, type: 'message', channel: channel.id, message: shown });
    },
  },
};

function changeReaction(
  { state, args, message }: MessageCall,
  change: typeof withReaction,
  errorIfUnchanged: string,
): Reply {
  const name = emojiName(stringOf(args.name));
  if (name === undefined) return apiError('invalid_name');
  const reactions = change(message.reactions, { name, user: IDENTITY.user_id });
  if (reactions === message.reactions) return apiError(errorIfUnchanged);
  state.store.react(message, reactions);
  return jsonReply({ ok: true });
}
