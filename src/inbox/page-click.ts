import type { IncomingMessage } from 'node:http';
import { emojiName } from './emoji.js';
import { stringOf } from './json.js';
import { withoutReaction, withReaction } from './reactions.js';
import { type Reply, textReply } from './reply.js';
import { contentTypeOf, parseJsonBody, readBody } from './request.js';
import { PERSON_ID } from './state.js';
import type { Store } from './store.js';

/** Puts the person's own emoji under a message or takes it back, as the page's script asks: `{ channel, ts, name, on }`. */
export async function answerClick(store: Store, request: IncomingMessage): Promise<Reply> {
  if (!isFromOwnPage(request)) return textReply(403, 'origin_not_allowed');
  if (contentTypeOf(request) !== 'application/json') return textReply(415, 'invalid_post_type');
  const click = parseJsonBody((await readBody(request)) ?? '') ?? {};
  const name = emojiName(stringOf(click.name));
  if (name === undefined || typeof click.on !== 'boolean') return textReply(400, 'invalid_click');
  const message = store.message(stringOf(click.channel), stringOf(click.ts));
  if (!message) return textReply(404, 'message_not_found');
  const change = click.on ? withReaction : withoutReaction;
  store.react(message, change(message.reactions, { name, user: PERSON_ID }));
  return textReply(200, 'ok');
}

/** Browsers send `Origin` with every POST; that the host is loopback was seen before. */
function isFromOwnPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  return headers.origin === `http://${headers.host}` && site === 'same-origin';
}
