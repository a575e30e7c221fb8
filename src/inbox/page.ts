import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { SCRIPT } from './page-script.js';
import { STYLE } from './page-style.js';

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
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Slack</title>
<style nonce="${nonce}">${STYLE}</style>
<header>
<h1>Local Slack</h1>
<p id="count"></p>
<p id="connection" role="status"></p>
</header>
<main aria-label="Messages" tabindex="0" autofocus>
<div id="log" role="log" aria-relevant="additions"></div>
</main>
<script nonce="${nonce}">${SCRIPT}</script>
</html>
`;
}
