import { ok } from 'node:assert/strict';
import { connect } from 'node:net';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Inbox, type InboxOptions, startInbox } from '../../packages/slack-inbox/src/index.js';
import { buildIfStale } from '../support/processes.js';
import { CHROMIUM_ARGS, DESKTOP, findChromium } from './chromium.js';

/** The violations of the pages: console errors, exceptions, dialogs, requests to other servers. A test with one fails. */
const violations: string[] = [];
const contexts: BrowserContext[] = [];
const inboxes: Inbox[] = [];
let browser: Browser | undefined;

/**
 * A `describe` whose tests use Chromium. Without Chromium the tests are skipped, with a warning. With REQUIRE_CHROMIUM a
 * missing Chromium is an error.
 */
export function inBrowser(title: string, define: () => void): void {
  const path = findChromium();
  if (path === undefined && process.env.REQUIRE_CHROMIUM) {
    throw new Error('REQUIRE_CHROMIUM is set, but no Chromium was found: install it, or set CHROMIUM_PATH to its path');
  }
  if (path === undefined) {
    warnOnce();
    describe.skip(`${title} (no Chromium)`, define);
    return;
  }
  describe(title, () => {
    before(async function () {
      this.timeout(60_000);
      buildIfStale();
      browser ??= await chromium.launch({ executablePath: path, args: CHROMIUM_ARGS });
    });
    afterEach(async () => {
      // Closes the pages first, because a page logs an error when its inbox closes.
      await Promise.all(contexts.splice(0).map((each) => each.close()));
      await Promise.all(inboxes.splice(0).map((each) => each.close()));
      const found = violations.splice(0);
      ok(found.length === 0, `the page violated a rule:\n${found.join('\n')}`);
    });
    define();
  });
}

// All files share one browser, which is closed after the last test.
after(() => browser?.close());

let isWarned = false;

function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  const line = '#'.repeat(100);
  const text =
    '#  NO CHROMIUM: the tests of the page in a real browser DO NOT RUN. Install chromium, or set CHROMIUM_PATH.';
  process.stderr.write(`\n${line}\n${text}\n${line}\n\n`);
}

/** Starts an inbox, by default without rate limits. It is closed after the test. */
export async function inboxWith(options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ rateLimit: false, ...options });
  inboxes.push(inbox);
  return inbox;
}

/** Opens the page. An error on its console, a request to another server or a dialog fails the test. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  if (!browser) throw new Error('openPage() is for tests in inBrowser()');
  const context = await browser.newContext({ ...DESKTOP, timezoneId: 'Europe/Berlin', ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) violations.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => violations.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => {
    violations.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) violations.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.locator('#channels a').first().waitFor({ state: 'attached' });
  return page;
}

/** Returns and removes the violations so far, for a test that expects them. */
export function takeViolations(): string[] {
  return violations.splice(0);
}

/** Calls the Web API as a bot does. Returns the answer. */
export async function callApi(inbox: Inbox, method: string, args: object = {}): Promise<{ ok: boolean; ts: string }> {
  const headers = { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ channel: inbox.channel, ...args });
  return (await fetch(inbox.apiUrl + method, { method: 'POST', headers, body })).json() as never;
}

/** Posts messages to the webhook over one connection, without waiting for each answer. */
export async function postMany(inbox: Inbox, count: number, textOf: (index: number) => string): Promise<void> {
  const { hostname, port, pathname } = new URL(inbox.webhookUrl);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  for (let index = 0; index < count; index++) {
    const body = JSON.stringify({ text: textOf(index) });
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json`;
    socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
  let answers = 0;
  for await (const text of socket) {
    answers += String(text).split('HTTP/1.1 200 OK').length - 1;
    if (answers >= count) break;
  }
}
