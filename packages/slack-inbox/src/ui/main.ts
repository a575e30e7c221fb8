import { postAction } from './api.js';
import { refreshDatesDaily } from './dates.js';
import { byId, counted, setText } from './dom.js';
import { emptyElement } from './empty.js';
import { FaultPanel } from './fault-panel.js';
import { FeedView } from './feed-view.js';
import { listenToKeys } from './keys.js';
import { QUICK_REACTIONS, type RowActions } from './row.js';
import { pathOf, Side } from './side.js';
import { closeOnBackdrop, createSourceDialog } from './source-dialog.js';
import { ThreadView } from './thread-view.js';
import { type Changes, type Entry, type MessageEntry, type PageState, REFUSED } from './wire.js';

let state: PageState | undefined;

/** Announces a text to screen readers. Only the last of several at once is read. */
function announce(text: string): void {
  byId('live').textContent = text;
}

const source = createSourceDialog(announce);
const actions: RowActions = {
  react: (entry, name) => void react(entry, name),
  openThread: ({ key }) => void thread.open(key),
  openSource: (entry) => void source.open(entry),
};
const feed = new FeedView(actions, showEmpty);
const thread = new ThreadView(actions);
const side = new Side((channel) => goToChannel(channel));
const faults = new FaultPanel(announce);

async function react({ channel, ts, reactions }: MessageEntry, name: string): Promise<void> {
  const isAdded = !reactions.some((each) => each.isOwn && each.name === name);
  const error = await postAction('reaction', { channel, ts, name, on: isAdded });
  if (error !== '') announce(`The reaction did not arrive: ${error}`);
}

/** Reads the channel and the message from the page's address. */
function addressedItem(): { readonly channel: string; readonly key?: string; readonly thread?: string } {
  const [, id = '', seconds, micros] = /^\/archives\/([^/]+)(?:\/p(\d+)(\d{6}))?$/.exec(location.pathname) ?? [];
  const channel = decodeSafely(id);
  const root = new URLSearchParams(location.search).get('thread_ts');
  if (seconds === undefined) return { channel };
  return { channel, key: `${channel}/${seconds}.${micros}`, ...(root ? { thread: `${channel}/${root}` } : {}) };
}

// A typed address may be malformed.
function decodeSafely(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function goToChannel(channel: string): void {
  history.pushState(null, '', pathOf(channel));
  byId<HTMLInputElement>('search').value = '';
  void openAddressedItem();
}

async function openAddressedItem(): Promise<void> {
  const { key, thread: root, ...from } = addressedItem();
  const channel = from.channel || (state?.channels[0]?.id ?? '');
  side.active = channel;
  thread.close();
  showTitle(channel);
  const around = root ?? key;
  await feed.open({ channel, ...(around === undefined ? {} : { around }) });
  if (root !== undefined && key !== undefined) await thread.open(key);
  markSeen();
}

function showTitle(channel: string): void {
  const name = state?.channels.find(({ id }) => id === channel)?.name ?? channel;
  setText(byId('title'), channel === REFUSED ? 'Refused requests' : `# ${name}`);
  setText(byId('start'), channel === REFUSED ? 'The first refused request' : `The very beginning of #${name}`);
}

function showEmpty(isEmpty: boolean): void {
  const existing = document.getElementById('empty');
  const key = `${feed.channel} ${feed.isSearch} ${state?.token}`;
  if (isEmpty && existing?.dataset.key === key) return;
  existing?.remove();
  if (!isEmpty) return;
  const created = emptyElement(feed.channel, feed.isSearch, state);
  created.dataset.key = key;
  byId('feed').append(created);
}

/** Reports to the inbox that the reader has seen the newest messages of the channel. */
function markSeen(): void {
  const { channel } = feed;
  const unread = channel === REFUSED ? state?.refused.unread : state?.channels.find(({ id }) => id === channel)?.unread;
  const isSeen = document.visibilityState === 'visible' && !feed.isSearch && feed.isAtEnd();
  if (isSeen && unread !== undefined && unread > 0) void postAction('seen', { channel });
}

function applyChanges(changes: Changes): void {
  const isFirst = state === undefined;
  state = changes.state;
  side.show(state);
  faults.show(state.faults);
  if (isFirst) void openAddressedItem();
  else if (changes.reload)
    void feed
      .reload()
      .then(() => thread.reload())
      .then(markSeen);
  else applyEntries(changes);
  markSeen();
}

function applyEntries({ entries = [], removed = [] }: Changes): void {
  thread.applyChanges(entries, removed);
  if (!feed.isSearch) announceNewEntries(feed.applyChanges(entries, removed));
  else if (entries.length + removed.length > 0) repeatSearchSoon();
}

let isSearchDue = false;

/** Repeats the search, at most once a second. */
function repeatSearchSoon(): void {
  if (isSearchDue) return;
  isSearchDue = true;
  setTimeout(() => {
    isSearchDue = false;
    if (feed.isSearch) void feed.reload();
  }, 1_000);
}

/** Announces new entries: one by its text, several by their number. */
function announceNewEntries(fresh: readonly Entry[]): void {
  const [only] = fresh;
  if (!only) return;
  if (fresh.length > 1) announce(`${counted(fresh.length, 'new message')}`);
  else
    announce(
      only.kind === 'message' ? `${only.author.name}: ${only.summary}` : `${only.method} refused: ${only.error}`,
    );
}

function connect(): void {
  const events = new EventSource('/page/events');
  const connection = document.body.dataset;
  events.onmessage = ({ data }) => applyChanges(JSON.parse(String(data)) as Changes);
  events.onopen = () => {
    if (connection.lost) announce('The inbox is back');
    delete connection.lost;
  };
  events.onerror = () => {
    if (!connection.lost) announce('The inbox is closed. Trying again.');
    connection.lost = 'The inbox is closed. Trying again…';
    // The browser gives up when another program on this port answers something other than an event stream.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 2_000);
  };
}

function focusedEntry(): Entry | undefined {
  return (thread.list.focused() ?? feed.list.focused())?.entry;
}

function withMessage(use: (entry: MessageEntry) => void): boolean {
  const entry = focusedEntry();
  if (entry?.kind !== 'message') return false;
  use(entry);
  return true;
}

function openDialog(id: string): boolean {
  byId<HTMLDialogElement>(id).showModal();
  return true;
}

function addListeners(): void {
  let typingTimer: ReturnType<typeof setTimeout> | undefined;
  const search = byId<HTMLInputElement>('search');
  search.addEventListener('input', () => {
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => void feed.open({ channel: feed.channel, q: search.value.trim() }), 150);
  });
  byId('clear').addEventListener('click', () => openDialog('sure'));
  byId('help-open').addEventListener('click', () => openDialog('help'));
  byId('help-close').addEventListener('click', () => byId<HTMLDialogElement>('help').close());
  byId('sure-no').addEventListener('click', () => byId<HTMLDialogElement>('sure').close());
  byId('sure-yes').addEventListener('click', async () => {
    byId<HTMLDialogElement>('sure').close();
    thread.close();
    const error = await postAction('clear', {});
    announce(error === '' ? 'The inbox is empty' : error);
  });
  for (const id of ['help', 'sure']) closeOnBackdrop(byId<HTMLDialogElement>(id));
  byId('feed').addEventListener('scroll', markSeen, { passive: true });
  document.addEventListener('visibilitychange', markSeen);
  addEventListener('popstate', () => void openAddressedItem());
  refreshDatesDaily();
}

listenToKeys({
  step: (by) => (thread.isOpen && !feed.list.focused() ? thread.list : feed.list).step(by),
  openThread: () => {
    const entry = focusedEntry();
    if (entry?.kind === 'message' && !thread.list.focused()) actions.openThread(entry);
    else if (entry?.kind === 'refusal') actions.openSource(entry);
    return entry !== undefined;
  },
  openSource: () => {
    const entry = focusedEntry();
    if (entry) actions.openSource(entry);
    return entry !== undefined;
  },
  react: (index) => withMessage((entry) => actions.react(entry, QUICK_REACTIONS[index]?.[0] ?? '')),
  switchChannel: (by) => {
    const next = side.neighbour(by);
    if (next !== undefined) goToChannel(next);
    return next !== undefined;
  },
  toNewest: () => {
    void feed.toNewest().then(() => feed.list.rows.at(-1)?.element.focus());
    return true;
  },
  search: () => {
    byId('search').focus();
    return true;
  },
  help: () => openDialog('help'),
  escape: () => {
    const search = byId<HTMLInputElement>('search');
    if (thread.isOpen) thread.close();
    else if (document.body.classList.contains('with-menu')) byId('menu-close').click();
    else if (search.value !== '') {
      search.value = '';
      void feed.open({ channel: feed.channel });
    } else search.blur();
    return true;
  },
});
addListeners();
connect();
