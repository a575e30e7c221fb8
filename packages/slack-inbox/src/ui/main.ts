import { act } from './api.js';
import { keepDatesTrue } from './dates.js';
import { byId, counted, say } from './dom.js';
import { emptyElement } from './empty.js';
import { FaultPanel } from './fault-panel.js';
import { FeedView } from './feed-view.js';
import { listenToKeys } from './keys.js';
import { OFFERED, type RowActions } from './row.js';
import { pathOf, Side } from './side.js';
import { closeOnBackdrop, createSourceDialog } from './source-dialog.js';
import { ThreadView } from './thread-view.js';
import { type Changes, type Entry, type MessageEntry, type PageState, REFUSED } from './wire.js';

let state: PageState | undefined;

/** Says something to those who do not see the page; the last of what comes at once. */
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
const side = new Side((channel) => goTo(channel));
const faults = new FaultPanel(announce);

async function react({ channel, ts, reactions }: MessageEntry, name: string): Promise<void> {
  const on = !reactions.some((each) => each.own && each.name === name);
  const wrong = await act('reaction', { channel, ts, name, on });
  if (wrong !== '') announce(`The reaction did not arrive: ${wrong}`);
}

/** The channel, and the message in it, that the address names. */
function asked(): { readonly channel: string; readonly key?: string; readonly thread?: string } {
  const [, id = '', seconds, micros] = /^\/archives\/([^/]+)(?:\/p(\d+)(\d{6}))?$/.exec(location.pathname) ?? [];
  const channel = decoded(id);
  const root = new URLSearchParams(location.search).get('thread_ts');
  if (seconds === undefined) return { channel };
  return { channel, key: `${channel}/${seconds}.${micros}`, ...(root ? { thread: `${channel}/${root}` } : {}) };
}

/** An address that somebody typed may be none. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function goTo(channel: string): void {
  history.pushState(null, '', pathOf(channel));
  byId<HTMLInputElement>('search').value = '';
  void openAsked();
}

async function openAsked(): Promise<void> {
  const { key, thread: root, ...from } = asked();
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
  say(byId('title'), channel === REFUSED ? 'Refused requests' : `# ${name}`);
  say(byId('start'), channel === REFUSED ? 'The first refused request' : `The very beginning of #${name}`);
}

function showEmpty(isEmpty: boolean): void {
  const there = document.getElementById('empty');
  const key = `${feed.channel} ${feed.isSearch} ${state?.token}`;
  if (isEmpty && there?.dataset.key === key) return;
  there?.remove();
  if (!isEmpty) return;
  const made = emptyElement(feed.channel, feed.isSearch, state);
  made.dataset.key = key;
  byId('feed').append(made);
}

/** Tells the inbox that the reader saw what stands there. */
function markSeen(): void {
  const { channel } = feed;
  const unread = channel === REFUSED ? state?.refused.unread : state?.channels.find(({ id }) => id === channel)?.unread;
  const isSeen = document.visibilityState === 'visible' && !feed.isSearch && feed.isAtEnd();
  if (isSeen && unread !== undefined && unread > 0) void act('seen', { channel });
}

function take(changes: Changes): void {
  const isFirst = state === undefined;
  state = changes.state;
  side.show(state);
  faults.show(state.faults);
  if (isFirst) void openAsked();
  else if (changes.reload)
    void feed
      .reload()
      .then(() => thread.reload())
      .then(markSeen);
  else takeEntries(changes);
  markSeen();
}

function takeEntries({ entries = [], gone = [] }: Changes): void {
  thread.take(entries, gone);
  if (!feed.isSearch) announceNew(feed.take(entries, gone));
  else if (entries.length + gone.length > 0) searchSoon();
}

let isSearchDue = false;

/** What is found is asked for anew, but not with each message of a storm. */
function searchSoon(): void {
  if (isSearchDue) return;
  isSearchDue = true;
  setTimeout(() => {
    isSearchDue = false;
    if (feed.isSearch) void feed.reload();
  }, 1_000);
}

/** Not each of a storm. */
function announceNew(fresh: readonly Entry[]): void {
  const [only] = fresh;
  if (!only) return;
  if (fresh.length > 1) announce(`${counted(fresh.length, 'new message')}`);
  else
    announce(
      only.kind === 'message' ? `${only.author.name}: ${only.summary}` : `${only.method} refused: ${only.error}`,
    );
}

function listen(): void {
  const events = new EventSource('/page/events');
  const connection = document.body.dataset;
  events.onmessage = ({ data }) => take(JSON.parse(String(data)) as Changes);
  events.onopen = () => {
    if (connection.lost) announce('The inbox is back');
    delete connection.lost;
  };
  events.onerror = () => {
    if (!connection.lost) announce('The inbox is closed. Trying again.');
    connection.lost = 'The inbox is closed. Trying again…';
    // After an answer that is no stream, of another program on that port, the browser gives up.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2_000);
  };
}

function current(): Entry | undefined {
  return (thread.list.focused() ?? feed.list.focused())?.entry;
}

function withMessage(use: (entry: MessageEntry) => void): boolean {
  const entry = current();
  if (entry?.kind !== 'message') return false;
  use(entry);
  return true;
}

function openDialog(id: string): boolean {
  byId<HTMLDialogElement>(id).showModal();
  return true;
}

function wire(): void {
  let typing: ReturnType<typeof setTimeout> | undefined;
  const search = byId<HTMLInputElement>('search');
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => void feed.open({ channel: feed.channel, q: search.value.trim() }), 150);
  });
  byId('clear').addEventListener('click', () => openDialog('sure'));
  byId('help-open').addEventListener('click', () => openDialog('help'));
  byId('help-close').addEventListener('click', () => byId<HTMLDialogElement>('help').close());
  byId('sure-no').addEventListener('click', () => byId<HTMLDialogElement>('sure').close());
  byId('sure-yes').addEventListener('click', async () => {
    byId<HTMLDialogElement>('sure').close();
    thread.close();
    const wrong = await act('clear', {});
    announce(wrong === '' ? 'The inbox is empty' : wrong);
  });
  for (const id of ['help', 'sure']) closeOnBackdrop(byId<HTMLDialogElement>(id));
  byId('feed').addEventListener('scroll', markSeen, { passive: true });
  document.addEventListener('visibilitychange', markSeen);
  addEventListener('popstate', () => void openAsked());
  keepDatesTrue();
}

listenToKeys({
  step: (by) => (thread.isOpen && !feed.list.focused() ? thread.list : feed.list).step(by),
  openThread: () => {
    const entry = current();
    if (entry?.kind === 'message' && !thread.list.focused()) actions.openThread(entry);
    else if (entry?.kind === 'refusal') actions.openSource(entry);
    return entry !== undefined;
  },
  openSource: () => {
    const entry = current();
    if (entry) actions.openSource(entry);
    return entry !== undefined;
  },
  react: (index) => withMessage((entry) => actions.react(entry, OFFERED[index]?.[0] ?? '')),
  switchChannel: (by) => {
    const next = side.neighbour(by);
    if (next !== undefined) goTo(next);
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
wire();
listen();
