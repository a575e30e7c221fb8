import { type Reply, textReply } from '../http/index.js';
import { type Fault, type JsonObject, stringOf } from '../model/index.js';
import { emojiName } from '../mrkdwn/index.js';
import { PERSON_ID, withoutReaction, withReaction } from '../state/index.js';
import type { PageParts } from './parts.js';

/** `{ channel, ts, name, on }`: adds or removes the person's reaction. */
export function answerClick({ state: { store } }: PageParts, click: JsonObject): Reply {
  const name = emojiName(stringOf(click.name));
  if (name === undefined || typeof click.on !== 'boolean') return textReply(400, 'invalid_click');
  const message = store.message(stringOf(click.channel), stringOf(click.ts));
  if (!message) return textReply(404, 'message_not_found');
  const change = click.on ? withReaction : withoutReaction;
  store.react(message, change(message.reactions, { name, user: PERSON_ID }));
  return textReply(200, 'ok');
}

/** `{ faults }`: replaces the faults, as `Inbox.setFaults` does. Answers 400 with the error when one is invalid. */
export function answerFaults({ faults }: PageParts, args: JsonObject): Reply {
  try {
    faults.set(args.faults as readonly Fault[]);
    return textReply(200, 'ok');
  } catch (error) {
    return textReply(400, (error as Error).message);
  }
}

/** `{ channel }`: marks everything in the channel as seen. */
export function answerSeen({ feed }: PageParts, { channel }: JsonObject): Reply {
  feed.markSeen(stringOf(channel));
  return textReply(200, 'ok');
}

/** `{}`: deletes messages and requests, and resets the rates. */
export function answerClear({ clear }: PageParts): Reply {
  clear();
  return textReply(200, 'ok');
}
