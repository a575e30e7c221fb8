import { BUILD } from './page-build.js';

/** How many messages a page holds; older ones leave it. */
export const PAGE_MESSAGES = 1_000;

const LIVE = `
const log = document.querySelector('#log');
const count = document.querySelector('#count');
const connection = document.querySelector('#connection');
const GONE = { tag: 'p', class: 'gone', children: ['The first message of this thread is not here any more.'] };
const shown = new Map();
const threads = new Map();

function put(message) {
  const { key, atMillis, tree, thread } = message;
  const old = shown.get(key);
  if (old) return change(old, tree);
  const article = build(tree);
  Object.assign(article.dataset, { channel: message.channel, ts: message.ts });
  shown.set(key, { ...message, article });
  if (thread === undefined) dayOf(atMillis).append(article);
  else threadOf(thread, atMillis).append(article);
  if (thread !== undefined) countReplies(thread);
  if (shown.size > ${PAGE_MESSAGES}) remove(shown.keys().next().value);
}
function change(old, tree) {
  const focused = document.activeElement;
  old.article = patch(old.article, old.tree, tree);
  old.tree = tree;
  // The reaction that was clicked away had the focus: the place beside it is the nearest.
  if (!focused.isConnected) old.article.querySelector('.picker > summary')?.focus({ preventScroll: true });
}
function dayOf(millis) {
  const day = new Date(millis).toDateString();
  if (log.lastElementChild?.dataset.day === day) return log.lastElementChild;
  const section = document.createElement('section');
  section.dataset.day = day;
  const heading = document.createElement('h2');
  heading.append(build({ tag: 'time', date: { millis, format: '{date_long_pretty}' } }));
  section.append(heading);
  log.append(section);
  return section;
}
function threadOf(key, atMillis) {
  if (threads.has(key)) return threads.get(key);
  const thread = build({ tag: 'details', class: 'thread', children: [{ tag: 'summary', children: [] }] });
  thread.open = true;
  const parent = shown.get(key)?.article;
  if (parent) parent.after(thread);
  else dayOf(atMillis).append(build(GONE), thread);
  threads.set(key, thread);
  return thread;
}
function countReplies(key) {
  const thread = threads.get(key);
  const replies = thread.childElementCount - 1;
  thread.firstElementChild.textContent = replies === 1 ? '1 reply' : replies + ' replies';
  if (replies > 0) return;
  if (thread.previousElementSibling.matches('.gone')) thread.previousElementSibling.remove();
  thread.remove();
  threads.delete(key);
}
function remove(key) {
  if (!shown.has(key)) return;
  const { article, thread } = shown.get(key);
  const section = article.closest('section');
  shown.delete(key);
  if (threads.has(key)) article.replaceWith(build(GONE));
  else article.remove();
  if (thread !== undefined) countReplies(thread);
  if (section.childElementCount === 1) section.remove();
}
function clear() {
  log.replaceChildren();
  shown.clear();
  threads.clear();
}

const events = new EventSource('/events');
function on(name, act) {
  events.addEventListener(name, ({ data }) => {
    act(JSON.parse(data));
    const messages = [...shown.values()].filter((each) => !each.isCopy).length;
    count.textContent = messages === 1 ? '1 message' : messages + ' messages';
  });
}
on('snapshot', (messages) => {
  // Nobody wants to hear read out what was there before.
  log.ariaBusy = 'true';
  clear();
  messages.forEach(put);
  log.ariaBusy = 'false';
  goToLinked();
});
on('put', put);
// What left the page does not come back at its end.
on('update', (message) => { if (shown.has(message.key)) put(message); });
on('remove', ({ key }) => remove(key));
on('clear', clear);
events.onopen = () => { connection.textContent = ''; };
events.onerror = () => { connection.textContent = 'The inbox is closed.'; };

function goToLinked() {
  const [, channel, seconds, micros] = /^\\/archives\\/([^/]+)\\/p(\\d+)(\\d{6})$/.exec(location.pathname) ?? [];
  const article = shown.get(channel + '/' + seconds + '.' + micros)?.article;
  article?.classList.add('linked');
  article?.scrollIntoView({ block: 'center' });
}

log.addEventListener('click', async ({ target }) => {
  const button = target.closest('button');
  if (!button) return;
  const { channel, ts } = button.closest('article').dataset;
  const click = { channel, ts, name: button.dataset.emoji, on: button.ariaPressed !== 'true' };
  closePicker(button);
  const headers = { 'content-type': 'application/json' };
  const options = { method: 'POST', headers, body: JSON.stringify(click) };
  const response = await fetch('/reactions', options).catch(() => undefined);
  connection.textContent = response?.ok ? '' : 'The reaction did not arrive.';
});
log.addEventListener('keydown', ({ key, target }) => {
  if (key === 'Escape') closePicker(target);
});
function closePicker(inside) {
  const picker = inside.closest('.picker');
  if (!picker?.open) return;
  picker.open = false;
  picker.firstElementChild.focus({ preventScroll: true });
}

let today = daysFromNow(0);
setInterval(() => {
  if (today === daysFromNow(0)) return;
  today = daysFromNow(0);
  document.querySelectorAll('time').forEach(say);
}, 60_000);
`;

/** All that the page runs. */
export const SCRIPT: string = BUILD + LIVE;
