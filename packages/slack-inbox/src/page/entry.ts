import { type InboxMessage, type InboxReaction, type InboxRequest, stringOf } from '../model/index.js';
import { emojiText, messageText, parseMrkdwn } from '../mrkdwn/index.js';
import { IDENTITY, isTopLevel, PERSON_ID, type Store } from '../state/index.js';
import type { Entry, MessageEntry, Problem, RefusalEntry, ShownReaction } from '../ui/wire.js';
import { explanationOf, refuseMessage } from '../validate/index.js';
import { contentNodes } from './content.js';
import { type Feed, type Item, keyOf, parentOf } from './feed.js';

/** Methods whose arguments are a message. */
const MESSAGE_METHODS = ['webhook', 'chat.postMessage', 'chat.update'];

const PEOPLE: Readonly<Record<string, string>> = { [PERSON_ID]: 'you', [IDENTITY.user_id]: IDENTITY.user };

/** In characters. */
const SUMMARY_LENGTH = 200;

/** Returns the message or refusal with this key; `undefined` when it does not exist any more. */
export function entryOf(store: Store, feed: Feed, key: string): Entry | undefined {
  const item = feed.item(key);
  if (item?.request) return refusalEntry(item, item.request);
  const [channel = '', ts = ''] = key.split('/');
  const message = store.message(channel, ts);
  return message && messageEntry(store, feed, message);
}

/** Returns a message with its reactions and its thread. */
export function messageEntry(store: Store, feed: Feed, message: InboxMessage): MessageEntry {
  const key = keyOf(message);
  const thread = parentOf(message);
  const order = isTopLevel(message) ? feed.item(key)?.order : undefined;
  const replies = repliesOf(store, feed, key);
  return {
    kind: 'message',
    key,
    channel: message.channel,
    ts: message.ts,
    atMillis: message.receivedAtMillis,
    author: authorOf(message),
    isEdited: message.edited !== undefined,
    summary: summaryOf(message),
    content: contentNodes(message),
    reactions: message.reactions.map(shownReaction),
    ...(order === undefined ? {} : { order }),
    ...(thread === undefined ? {} : { thread }),
    ...(replies === undefined ? {} : { replies }),
  };
}

function repliesOf(store: Store, feed: Feed, key: string): MessageEntry['replies'] {
  const keys = feed.replies(key);
  const [channel = '', ts = ''] = keys.at(-1)?.split('/') ?? [];
  const last = store.message(channel, ts);
  return last && { count: keys.length, lastAtMillis: last.receivedAtMillis };
}

function authorOf({ via, payload }: InboxMessage): MessageEntry['author'] {
  const name = stringOf(payload.username) || (via === 'webhook' ? 'incoming-webhook' : IDENTITY.user);
  const emoji = /^:[^:\s]+:$/.test(stringOf(payload.icon_emoji))
    ? emojiText(stringOf(payload.icon_emoji).slice(1, -1))
    : '';
  // A name of an emoji would be too wide for the avatar.
  return { name, emoji: emoji.startsWith(':') ? '' : emoji };
}

function summaryOf(message: InboxMessage): string {
  const notification = parseMrkdwn(message.text)
    .map(({ text }) => text)
    .join('');
  return (notification || messageText(message)).slice(0, SUMMARY_LENGTH);
}

function shownReaction({ name, users, count }: InboxReaction): ShownReaction {
  const people = users.map((user) => PEOPLE[user] ?? user).join(', ');
  return { name, text: emojiText(name), count, isOwn: users.includes(PERSON_ID), people };
}

function refusalEntry({ key, channel, order }: Item, request: InboxRequest): RefusalEntry {
  const { method, status, error, fault, retryAfterSeconds, receivedAtMillis } = request;
  return {
    kind: 'refusal',
    key,
    channel,
    order,
    atMillis: receivedAtMillis,
    method,
    error: error ?? fault ?? '',
    reason: explanationOf(error, fault),
    isFault: fault !== undefined,
    problems: problemsOf(request),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Returns the problems of a refused message, and where they are. Slack's webhooks do not report them; the page does. */
export function problemsOf({ method, body, fault }: InboxRequest): Problem[] {
  if (fault !== undefined || body === undefined || !MESSAGE_METHODS.includes(method)) return [];
  return (refuseMessage(body)?.problems ?? []).map((problem) => {
    const { text = problem, pointer = '' } =
      /^(?<text>.*) \[json-pointer:(?<pointer>.*)\]$/s.exec(problem)?.groups ?? {};
    return { text, pointer };
  });
}

/** Returns the text of an item that the search looks at. */
export function searchTextOf(store: Store, item: Item): string {
  const { request, key } = item;
  if (request) return `${request.method} ${request.error ?? request.fault ?? ''} ${JSON.stringify(request.body ?? '')}`;
  const [channel = '', ts = ''] = key.split('/');
  const message = store.message(channel, ts);
  return message ? `${message.text}\n${messageText(message)}` : '';
}
