import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --dim: light-dark(#616061, #ababad); }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 15px/1.46 system-ui, sans-serif;
  background: light-dark(#fff, #1a1d21); color: light-dark(#1d1c1d, #d1d2d3); }
h1 { font-size: 1.1rem; }
article { margin: 0 0 1rem; padding: .6rem .8rem; border: 1px solid var(--line); border-left: 4px solid var(--line); }
article.reply { margin-left: 2rem; }
header { color: var(--dim); font-size: .85em; }
pre { margin: .4rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
`;

// textContent only: what is shown is what an attacker may have written into a log.
const SCRIPT = `
const list = document.querySelector('main');
const state = document.querySelector('#state');
const shown = new Map();
const COLORS = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
function hex(color) {
  return /^#?[0-9a-f]{6}$/i.test(color) ? '#' + color.replace('#', '') : '';
}
function put(message) {
  const article = document.createElement('article');
  if (message.isReply) article.className = 'reply';
  article.style.borderLeftColor = COLORS[message.color] || hex(message.color);
  const time = new Date(message.atMillis).toLocaleTimeString();
  article.append(
    element('header', message.channel + ' · ' + time + (message.isEdited ? ' · edited' : '')),
    element('pre', message.text),
  );
  article.title = message.notification;
  const old = shown.get(message.key);
  if (old) old.replaceWith(article);
  else list.prepend(article);
  shown.set(message.key, article);
  if (shown.size > 500) remove(shown.keys().next().value);
  count();
}
function remove(key) {
  shown.get(key)?.remove();
  shown.delete(key);
  count();
}
function clear() {
  list.replaceChildren();
  shown.clear();
  count();
}
function count() {
  state.textContent = shown.size === 0 ? 'Nothing yet.' : shown.size + ' messages';
}
const events = new EventSource('/events');
const on = (name, then) => events.addEventListener(name, (event) => then(JSON.parse(event.data)));
on('snapshot', (messages) => { clear(); messages.forEach(put); });
on('put', put);
on('remove', ({ key }) => remove(key));
on('clear', clear);
events.onerror = () => { state.textContent = 'The inbox is closed.'; };
`;

/** Sends the page for people: what arrived, live. */
export function renderPage(response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(html(nonce));
}

function policy(nonce: string): string {
  const own = `'nonce-${nonce}'`;
  const sources = `default-src 'none'; script-src ${own}; style-src ${own}; connect-src 'self'`;
  return `${sources}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function html(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Local Slack</title>
<style nonce="${nonce}">${STYLE}</style>
<h1>Local Slack</h1>
<p id="state" role="status">Nothing yet.</p>
<main></main>
<script nonce="${nonce}">${SCRIPT}</script>
</html>
`;
}
