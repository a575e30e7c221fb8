import { emojiText, OFFERED_EMOJI } from './emoji.js';
import { element, type PageElement } from './page-node.js';
import { IDENTITY, PERSON_ID } from './state.js';
import type { InboxMessage, InboxReaction } from './types.js';

const NAMES: Readonly<Record<string, string>> = { [PERSON_ID]: 'you', [IDENTITY.user_id]: IDENTITY.user };

/** The emoji under a message, each a button, and those that are on offer. */
export function reactionsElement({ reactions }: Pick<InboxMessage, 'reactions'>): PageElement {
  const offered = OFFERED_EMOJI.map((name) => {
    return offer(
      name,
      reactions.find((each) => each.name === name),
    );
  });
  return element(
    'div',
    [
      element('span', reactions.map(shown), { class: 'answers' }),
      element('details', [element('summary', ['+'], { label: 'Add a reaction' }), ...offered], { class: 'picker' }),
    ],
    { class: 'reactions' },
  );
}

function shown(reaction: InboxReaction): PageElement {
  const { name, users, count } = reaction;
  return element('button', [emojiText(name), ` ${count}`], {
    reaction: { name, own: isOwn(reaction) },
    label: `${name}, ${count === 1 ? '1 reaction' : `${count} reactions`}`,
    title: `:${name}: ${users.map((user) => NAMES[user] ?? user).join(', ')}`,
  });
}

function offer(name: string, there: InboxReaction | undefined): PageElement {
  const reaction = { name, own: there !== undefined && isOwn(there) };
  return element('button', [emojiText(name)], { reaction, label: name, title: `:${name}:` });
}

function isOwn({ users }: InboxReaction): boolean {
  return users.includes(PERSON_ID);
}
