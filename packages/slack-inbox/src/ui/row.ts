import { build, patchAll } from './build.js';
import { formatted, timeElement } from './dates.js';
import { button, counted, el, say } from './dom.js';
import type { Entry, MessageEntry, RefusalEntry, ShownReaction } from './wire.js';

/** What a reader can do with a row. */
export interface RowActions {
  readonly react: (entry: MessageEntry, name: string) => void;
  readonly openThread: (entry: MessageEntry) => void;
  readonly openSource: (entry: Entry) => void;
}

/** What people answer with, in the order of their keys. */
export const OFFERED: readonly (readonly [name: string, character: string, what: string])[] = [
  ['no_bell', '🔕', 'no more of this'],
  ['white_check_mark', '✅', 'it is done'],
  ['eyes', '👀', 'I am looking at it'],
  ['+1', '👍', 'well done'],
];

/** One message or refusal on the page. */
export interface Row {
  readonly element: HTMLElement;
  readonly entry: Entry;
  update(entry: Entry): void;
}

/** @param place a message of a thread needs no way to its thread */
export function createRow(entry: Entry, actions: RowActions, place: 'feed' | 'thread'): Row {
  return entry.kind === 'message' ? messageRow(entry, actions, place) : refusalRow(entry, actions);
}

function messageRow(first: MessageEntry, actions: RowActions, place: 'feed' | 'thread'): Row {
  let entry = first;
  const { name, emoji } = entry.author;
  const avatar = el('div', { class: 'avatar', 'aria-hidden': 'true' }, emoji || name.slice(0, 1).toUpperCase());
  const notes = el('span', { class: 'notes' });
  const head = el('p', { class: 'head' }, el('b', {}, name), el('span', { class: 'badge' }, 'APP'));
  head.append(timeElement(entry.atMillis, '{time}'), notes);
  const content = el('div', { class: 'content' }, ...entry.content.map(build));
  const reactions = el('div', { class: 'reactions' });
  const replies = button('', { class: 'replies' }, () => actions.openThread(entry));
  const body = el('div', { class: 'body' }, head, content, reactions);
  if (place === 'feed') body.append(replies);
  const tools = toolbar(() => entry, actions, place);
  const element = el('article', { 'data-key': entry.key, tabindex: '-1' }, avatar, body, tools);
  const dress = () => {
    element.setAttribute('aria-label', `${name}: ${entry.summary}`);
    say(notes, notesOf(entry, place));
    showReactions(reactions, () => entry, actions);
    pressOwn(tools, entry);
    replies.hidden = entry.replies === undefined;
    if (entry.replies) say(replies, repliesText(entry.replies));
  };
  dress();
  return {
    element,
    get entry() {
      return entry;
    },
    update(to) {
      if (to.kind !== 'message') return;
      patchAll(content, entry.content, to.content);
      entry = to;
      dress();
    },
  };
}

function repliesText({ count, lastAtMillis }: NonNullable<MessageEntry['replies']>): string {
  const last = formatted(lastAtMillis, '{date_short_pretty} {time}').replace('Today ', '');
  return `${counted(count, 'reply', 'replies')} · ${last}`;
}

function notesOf({ isEdited, thread, order }: MessageEntry, place: 'feed' | 'thread'): string {
  const broadcast = place === 'feed' ? 'replied to a thread' : 'also sent to the channel';
  const notes = [isEdited ? '(edited)' : '', thread !== undefined && order !== undefined ? broadcast : ''];
  return notes.filter((note) => note !== '').join(' · ');
}

function toolbar(entry: () => MessageEntry, actions: RowActions, place: 'feed' | 'thread'): HTMLElement {
  const offered = OFFERED.map(([name, character, what]) => {
    const label = { 'aria-label': `React with ${name}`, title: `:${name}: ${what}`, 'data-emoji': name };
    return button(character, label, () => actions.react(entry(), name));
  });
  const tools = el('div', { class: 'tools', role: 'group', 'aria-label': 'What to do with the message' }, ...offered);
  if (place === 'feed') {
    tools.append(button('Thread', { title: 'Open the thread (Enter)' }, () => actions.openThread(entry())));
  }
  tools.append(button('{ }', { 'aria-label': 'JSON', title: 'See the JSON (s)' }, () => actions.openSource(entry())));
  return tools;
}

function pressOwn(tools: HTMLElement, { reactions }: MessageEntry): void {
  for (const each of tools.querySelectorAll<HTMLElement>('[data-emoji]')) {
    const isOwn = reactions.some(({ name, own }) => own && name === each.dataset.emoji);
    each.setAttribute('aria-pressed', String(isOwn));
  }
}

/** A button for each, which stays the same one while its count changes. */
function showReactions(place: HTMLElement, entry: () => MessageEntry, actions: RowActions): void {
  const there = new Map([...place.querySelectorAll<HTMLElement>('button')].map((each) => [each.dataset.emoji, each]));
  for (const reaction of entry().reactions) {
    const { name } = reaction;
    const shown = there.get(name) ?? button('', { 'data-emoji': name }, () => actions.react(entry(), name));
    there.delete(name);
    dressReaction(shown, reaction);
    if (!shown.isConnected || shown.parentElement !== place) place.append(shown);
  }
  for (const left of there.values()) {
    // Who clicked it away has the focus in the row still.
    if (left === document.activeElement) left.closest('article')?.focus({ preventScroll: true });
    left.remove();
  }
}

function dressReaction(shown: HTMLElement, { name, text, count, own, people }: ShownReaction): void {
  say(shown, `${text} ${count}`);
  shown.title = `:${name}: ${people}`;
  shown.setAttribute('aria-label', `${name}, ${counted(count, 'reaction')}`);
  shown.setAttribute('aria-pressed', String(own));
}

function refusalRow(first: RefusalEntry, actions: RowActions): Row {
  const entry = first;
  const { method, error, status, reason, isFault, retryAfterSeconds, problems } = entry;
  const avatar = el('div', { class: 'avatar', 'aria-hidden': 'true' }, '!');
  const what = isFault ? 'met a fault' : 'Slack would refuse this';
  const head = el('p', { class: 'head' }, el('b', {}, method), el('span', { class: 'badge' }, what));
  head.append(timeElement(entry.atMillis, '{time_secs}'));
  const answer = el('p', { class: 'answer' }, el('code', {}, error));
  if (status !== undefined && status !== 200) answer.append(` HTTP ${status}`);
  if (retryAfterSeconds !== undefined) answer.append(` Retry-After ${retryAfterSeconds} s`);
  if (reason !== '') answer.append(` ${reason}`);
  const list = problems
    .slice(0, 5)
    .map(({ text, pointer }) => el('li', {}, text, ' at ', el('code', {}, pointer || '/')));
  const body = el('div', { class: 'body' }, head, answer);
  if (list.length > 0) body.append(el('ul', { class: 'problems' }, ...list));
  const open = () => actions.openSource(entry);
  body.append(button(problems.length > 0 ? 'Show the place' : 'See the request', { class: 'replies' }, open));
  const label = `${method} refused: ${error}. ${reason}`;
  const element = el(
    'article',
    { 'data-key': entry.key, class: 'refusal', tabindex: '-1', 'aria-label': label },
    avatar,
    body,
  );
  return { element, entry, update: () => {} };
}
