import type { InboxMessage, InboxReaction } from '../model/index.js';
import { emojiName } from '../mrkdwn/index.js';
import { PERSON_ID } from './state.js';
import type { Store } from './store.js';

/** One emoji of one user. */
interface UserReaction {
  /** A result of `emojiName`. */
  readonly name: string;
  readonly user: string;
}

/** Returns the reactions with this one added; the same array when it exists already. */
export function withReaction(
  reactions: readonly InboxReaction[],
  { name, user }: UserReaction,
): readonly InboxReaction[] {
  const existing = reactions.find((each) => each.name === name);
  if (!existing) return [...reactions, { name, users: [user], count: 1 }];
  if (existing.users.includes(user)) return reactions;
  return reactions.map((each) => (each === existing ? counted(name, [...each.users, user]) : each));
}

/** Returns the reactions with this one removed; the same array when it does not exist. */
export function withoutReaction(
  reactions: readonly InboxReaction[],
  { name, user }: UserReaction,
): readonly InboxReaction[] {
  const existing = reactions.find((each) => each.name === name && each.users.includes(user));
  if (!existing) return reactions;
  const users = existing.users.filter((each) => each !== user);
  return reactions.flatMap((each) => (each !== existing ? [each] : users.length > 0 ? [counted(name, users)] : []));
}

function counted(name: string, users: readonly string[]): InboxReaction {
  return { name, users, count: users.length };
}

/** A person's click on an emoji under a message. */
interface Click {
  readonly messageTs: string;
  readonly name: string;
  readonly user?: string;
  /** Id of the channel; `undefined` searches all channels. */
  readonly channel: string | undefined;
}

/** Adds a person's reaction. Throws when the message does not exist or a value is invalid. */
export function react(store: Store, click: Click): void {
  const { message, reaction } = resolveClick(store, click);
  store.react(message, withReaction(message.reactions, reaction));
}

/** Removes a person's reaction. Throws when the message or the reaction does not exist. */
export function unreact(store: Store, click: Click): void {
  const { message, reaction } = resolveClick(store, click);
  const remaining = withoutReaction(message.reactions, reaction);
  if (remaining === message.reactions) {
    const existing = list(message.reactions.flatMap((each) => each.users.map((user) => `${each.name} of ${user}`)));
    throw new TypeError(`name: expected an existing reaction (${existing}), got ${reaction.name} of ${reaction.user}`);
  }
  store.react(message, remaining);
}

function resolveClick(store: Store, click: Click): { message: InboxMessage; reaction: UserReaction } {
  const { messageTs, user = PERSON_ID, channel } = click;
  const message = store.messages(channel).find((each) => each.ts === messageTs);
  if (!message) {
    const existing = list(store.messages(channel).map((each) => each.ts));
    throw new TypeError(`messageTs: expected the ts of a message (${existing}), got ${messageTs}`);
  }
  const name = emojiName(click.name);
  if (name === undefined) throw new TypeError(`name: expected the name of an emoji such as no_bell, got ${click.name}`);
  if (!/^[UW][A-Z0-9]+$/.test(user)) throw new TypeError(`user: expected an id such as ${PERSON_ID}, got ${user}`);
  return { message, reaction: { name, user } };
}

function list(items: readonly string[]): string {
  return items.length > 0 ? items.slice(-5).join(', ') : 'there are none';
}
