import { build, patchAll } from './build.js';
import { formatted, timeElement } from './dates.js';
import { button, counted, el, setText } from './dom.js';
import type { Entry, MessageEntry, RefusalEntry, ShownReaction } from './wire.js';

/** The actions of a row's buttons. */
export interface RowActions {
  readonly react: (entry: MessageEntry, name: string) => void;
  readonly openThread: (entry: MessageEntry) => void;
  readonly openSource: (entry: Entry) => void;
}

/** The reactions in the toolbar, in the order of their keys. */
export const QUICK_REACTIONS: readonly (readonly [name: string, character: string, meaning: string])[] = [
  ['no_bell', '🔕', 'silence this problem'],
  ['white_check_mark', '✅', 'done'],
  ['eyes', '👀', 'I am looking at this'],
  ['+1', '👍', 'well done'],
];

/** One message or refusal on the page. */
export interface Row {
  readonly element: HTMLElement;
  readonly entry: Entry;
  update(entry: Entry): void;
}

/** Creates a row. @param place a row in a thread has no buttons that open the thread */
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
  const render = () => {
    element.setAttribute('aria-label', `${name}: ${entry.summary}`);
    setText(notes, notesOf(entry, place));
    showReactions(reactions, () => entry, actions);
    markOwnReactions(tools, entry);
    replies.hidden = entry.replies === undefined;
    if (entry.replies) setText(replies, repliesText(entry.replies));
  };
  render();
  return {
    element,
    get entry() {
      return entry;
    },
    update(to) {
      if (to.kind !== 'message') return;
      patchAll(content, entry.content, to.content);
      entry = to;
      render();
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
  const reactionButtons = QUICK_REACTIONS.map(([name, character, meaning]) => {
    const label = { 'aria-label': `React with ${name}`, title: `:${name}: ${meaning}`, 'data-emoji': name };
    return button(character, label, () => actions.react(entry(), name));
  });
  const tools = el(
    'div',
    { class: 'tools', role: 'group', 'aria-label': 'What to do with the message' },
    ...reactionButtons,
  );
  if (place === 'feed') {
    tools.append(button('Thread', { title: 'Open the thread (Enter)' }, () => actions.openThread(entry())));
  }
  tools.append(button('{ }', { 'aria-label': 'JSON', title: 'See the JSON (s)' }, () => actions.openSource(entry())));
  return tools;
}

function markOwnReactions(tools: HTMLElement, { reactions }: MessageEntry): void {
  for (const each of tools.querySelectorAll<HTMLElement>('[data-emoji]')) {
    const isOwnReaction = reactions.some(({ name, isOwn }) => isOwn && name === each.dataset.emoji);
    each.setAttribute('aria-pressed', String(isOwnReaction));
  }
}

/** Shows a button for each reaction. A button keeps its element while its count changes. */
function showReactions(place: HTMLElement, entry: () => MessageEntry, actions: RowActions): void {
  const existing = new Map(
    [...place.querySelectorAll<HTMLElement>('button')].map((each) => [each.dataset.emoji, each]),
  );
  for (const reaction of entry().reactions) {
    const { name } = reaction;
    const shown = existing.get(name) ?? button('', { 'data-emoji': name }, () => actions.react(entry(), name));
    existing.delete(name);
    renderReaction(shown, reaction);
    if (!shown.isConnected || shown.parentElement !== place) place.append(shown);
  }
  for (const obsolete of existing.values()) {
    // The reader removed the reaction with this button: the focus stays in the row.
    if (obsolete === document.activeElement) obsolete.closest('article')?.focus({ preventScroll: true });
    obsolete.remove();
  }
}

function renderReaction(shown: HTMLElement, { name, text, count, isOwn, people }: ShownReaction): void {
  setText(shown, `${text} ${count}`);
  shown.title = `:${name}: ${people}`;
  shown.setAttribute('aria-label', `${name}, ${counted(count, 'reaction')}`);
  shown.setAttribute('aria-pressed', String(isOwn));
}

function refusalRow(first: RefusalEntry, actions: RowActions): Row {
  const entry = first;
  const { method, error, status, reason, isFault, retryAfterSeconds, problems } = entry;
  const avatar = el('div', { class: 'avatar', 'aria-hidden': 'true' }, '!');
  const meaning = isFault ? 'met a fault' : 'Slack would refuse this';
  const head = el('p', { class: 'head' }, el('b', {}, method), el('span', { class: 'badge' }, meaning));
  head.append(timeElement(entry.atMillis, '{time_secs}'));
  const answer = el('p', { class: 'answer' }, el('code', {}, error));
  if (status !== undefined && status !== 200) answer.append(` HTTP ${status}`);
  if (retryAfterSeconds !== undefined) answer.append(` Retry-After ${retryAfterSeconds} s`);
  if (reason !== '') answer.append(` ${reason}`);
  const problemItems = problems
    .slice(0, 5)
    .map(({ text, pointer }) => el('li', {}, text, ' at ', el('code', {}, pointer || '/')));
  const body = el('div', { class: 'body' }, head, answer);
  if (problemItems.length > 0) body.append(el('ul', { class: 'problems' }, ...problemItems));
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
