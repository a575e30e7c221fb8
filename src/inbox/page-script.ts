import { DATE_TOKENS } from './date.js';
import { TAGS } from './page-node.js';

/** How many messages a page holds; older ones leave it. */
export const PAGE_MESSAGES = 1_000;

/**
 * Builds the trees of page-tree.ts. Only createElement, text, and the few attributes named here: what is shown is what
 * an attacker may have written into a log.
 */
export const SCRIPT: string = `
const TAGS = new Set(${JSON.stringify(TAGS)});
const DATE_TOKENS = ${JSON.stringify(DATE_TOKENS)};
const log = document.querySelector('#log');
const count = document.querySelector('#count');
const connection = document.querySelector('#connection');
const shown = new Map();
const formatters = new Map();

function build(node) {
  if (typeof node === 'string') return node;
  const made = document.createElement(TAGS.has(node.tag) ? node.tag : 'span');
  if (node.class) made.className = node.class;
  if (node.title) made.title = node.title;
  if (node.color) made.style.borderLeftColor = node.color;
  if (node.href && /^(?:https?|mailto):/i.test(node.href)) {
    Object.assign(made, { href: node.href, target: '_blank', rel: 'noopener noreferrer' });
  }
  if (node.date) return dated(made, node.date);
  made.append(...node.children.map(build));
  return made;
}

function dated(made, { millis, format }) {
  made.dateTime = new Date(millis).toISOString();
  made.dataset.format = format;
  say(made);
  return made;
}
function say(time) {
  const date = new Date(time.dateTime);
  time.textContent = time.dataset.format.replace(/\\{(\\w+)\\}/g, (token, name) => formatted(date, name) ?? token);
}
function formatted(date, name) {
  if (name.endsWith('_pretty')) {
    const day = { [daysFromNow(-1)]: 'Yesterday', [daysFromNow(0)]: 'Today', [daysFromNow(1)]: 'Tomorrow' };
    if (day[date.toDateString()]) return day[date.toDateString()];
  }
  if (!Object.hasOwn(DATE_TOKENS, name)) return undefined;
  const { locale = 'en-US', ...options } = DATE_TOKENS[name];
  if (!formatters.has(name)) formatters.set(name, new Intl.DateTimeFormat(locale, options));
  return formatters.get(name).format(date);
}
function daysFromNow(days) {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toDateString();
}

function put({ key, atMillis, tree }) {
  const article = build(tree);
  const old = shown.get(key);
  if (old) old.replaceWith(article);
  else dayOf(atMillis).append(article);
  shown.set(key, article);
  if (shown.size > ${PAGE_MESSAGES}) remove(shown.keys().next().value);
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
function remove(key) {
  const section = shown.get(key)?.parentElement;
  shown.get(key)?.remove();
  shown.delete(key);
  if (section?.childElementCount === 1) section.remove();
}
function clear() {
  log.replaceChildren();
  shown.clear();
}

const events = new EventSource('/events');
function on(name, act) {
  events.addEventListener(name, ({ data }) => {
    act(JSON.parse(data));
    count.textContent = shown.size === 1 ? '1 message' : shown.size + ' messages';
  });
}
on('snapshot', (messages) => {
  // Nobody wants to hear read out what was there before.
  log.ariaBusy = 'true';
  clear();
  messages.forEach(put);
  log.ariaBusy = 'false';
});
on('put', put);
on('remove', ({ key }) => remove(key));
on('clear', clear);
events.onopen = () => { connection.textContent = ''; };
events.onerror = () => { connection.textContent = 'The inbox is closed.'; };

let today = daysFromNow(0);
setInterval(() => {
  if (today === daysFromNow(0)) return;
  today = daysFromNow(0);
  document.querySelectorAll('time').forEach(say);
}, 60_000);
`;
