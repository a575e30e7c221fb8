import type { InboxMessage, InboxReaction } from '../model/index.js';
import { emojiName } from '../mrkdwn/index.js';
import { PERSON_ID } from './state.js';
import type { Store } from './store.js';

/** One user's emoji. */
interface Answer {
  /** As `emojiName` has it. */
  readonly name: string;
  readonly user: string;
}

/** The reactions afterwards; the very same list when this one was there already. */
export function withReaction(reactions: readonly InboxReaction[], { name, user }: Answer): readonly InboxReaction[] {
  const there = reactions.find((each) => each.name === name);
  if (!there) return [...reactions, { name, users: [user], count: 1 }];
  if (there.users.includes(user)) return reactions;
  return reactions.map((each) => (each === there ? counted(name, [...each.users, user]) : each));
}

/** The reactions afterwards; the very same list when there was none of this user's. */
export function withoutReaction(reactions: readonly InboxReaction[], { name, user }: Answer): readonly InboxReaction[] {
  const there = reactions.find((each) => each.name === name && each.users.includes(user));
  if (!there) return reactions;
  const users = there.users.filter((each) => each !== user);
  return reactions.flatMap((each) => (each !== there ? [each] : users.length > 0 ? [counted(name, users)] : []));
}

function counted(name: string, users: readonly string[]): InboxReaction {
  return { name, users, count: users.length };
}

/** A click on an emoji under a message. */
interface Click {
  readonly messageTs: string;
  readonly name: string;
  readonly user?: string;
  /** Id; every channel without one. */
  readonly channel: string | undefined;
}

/** What a person does with a click on an emoji that is not theirs yet. Throws when there is nothing to click on. */
export function react(store: Store, click: Click): void {
  const { message, answer } = personsAnswer(store, click);
  store.react(message, withReaction(message.reactions, answer));
}

/** What a person does with a click on an emoji of their own. Throws when it is not there. */
export function unreact(store: Store, click: Click): void {
  const { message, answer } = personsAnswer(store, click);
  const left = withoutReaction(message.reactions, answer);
  if (left === message.reactions) {
    const there = list(message.reactions.flatMap((each) => each.users.map((user) => `${each.name} of ${user}`)));
    throw new TypeError(`name: expected a reaction that is there (${there}), got ${answer.name} of ${answer.user}`);
  }
  store.react(message, left);
}

function personsAnswer(store: Store, click: Click): { message: InboxMessage; answer: Answer } {
  const { messageTs, user = PERSON_ID, channel } = click;
  const message = store.messages(channel).find((each) => each.ts === messageTs);
  if (!message) {
    const there = list(store.messages(channel).map((each) => each.ts));
    throw new TypeError(`messageTs: expected the ts of a message that is there (${there}), got ${messageTs}`);
  }
  const name = emojiName(click.name);
  if (name === undefined) throw new TypeError(`name: expected the name of an emoji such as no_bell, got ${click.name}`);
  if (!/^[UW][A-Z0-9]+$/.test(user)) throw new TypeError(`user: expected an id such as ${PERSON_ID}, got ${user}`);
  return { message, answer: { name, user } };
}

function list(items: readonly string[]): string {
  return items.length > 0 ? items.slice(-5).join(', ') : 'there is none';
}
