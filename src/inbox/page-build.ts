import { DATE_TOKENS } from './date.js';
import { TAGS } from './page-node.js';

/**
 * Builds the trees of page-tree.ts, and changes what was built into what another tree says. Only createElement, text,
 * and the few attributes named here: what is shown is what an attacker may have written into a log.
 */
export const BUILD: string = `
const TAGS = new Set(${JSON.stringify(TAGS)});
const DATE_TOKENS = ${JSON.stringify(DATE_TOKENS)};
const formatters = new Map();

function build(node) {
  if (typeof node === 'string') return document.createTextNode(node);
  const made = document.createElement(TAGS.has(node.tag) ? node.tag : 'span');
  dress(made, node);
  if (node.date) return dated(made, node.date);
  made.append(...node.children.map(build));
  return made;
}
function dress(made, node) {
  if (node.class) made.className = node.class;
  if (made.title !== (node.title ?? '')) made.title = node.title ?? '';
  made.ariaLabel = node.label ?? null;
  if (node.color) made.style.borderLeftColor = node.color;
  if (node.href && /^(?:https?|mailto):/i.test(node.href)) {
    Object.assign(made, { href: node.href, target: '_blank', rel: 'noopener noreferrer' });
  }
  if (node.reaction) {
    made.type = 'button';
    made.dataset.emoji = node.reaction.name;
    made.ariaPressed = String(node.reaction.own);
  }
}

// In place, so that focus, selection, an open menu and a scrolled stack stay as the reader left them.
function patch(made, from, to) {
  if (JSON.stringify(from) === JSON.stringify(to)) return made;
  if (typeof from === 'string' && typeof to === 'string') {
    made.data = to;
    return made;
  }
  if (!isAlike(from, to)) {
    const anew = build(to);
    made.replaceWith(anew);
    return anew;
  }
  dress(made, to);
  const there = [...made.childNodes];
  to.children.forEach((child, index) => {
    if (index < there.length) patch(there[index], from.children[index], child);
    else made.append(build(child));
  });
  there.slice(to.children.length).forEach((left) => left.remove());
  return made;
}
function isAlike(from, to) {
  if (from.tag !== to.tag || from.class !== to.class || from.reaction?.name !== to.reaction?.name) return false;
  return !from.date && !to.date && !from.href === !to.href && !from.color === !to.color;
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
`;
