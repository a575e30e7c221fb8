import { ok } from 'node:assert/strict';
import { connect } from 'node:net';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Inbox, type InboxOptions, startInbox } from '../../packages/slack-inbox/src/index.js';
import { buildIfStale } from '../support/processes.js';
import { CHROMIUM_ARGS, DESKTOP, findChromium } from './chromium.js';

/** What a page did that it must never do; looked at after each test. */
const wrongs: string[] = [];
const contexts: BrowserContext[] = [];
const inboxes: Inbox[] = [];
let browser: Browser | undefined;

/**
 * A `describe` whose tests have a Chromium. Where there is none they do not run, which is said loudly, and is an error
 * with REQUIRE_CHROMIUM.
 */
export function inBrowser(title: string, define: () => void): void {
  const path = findChromium();
  if (path === undefined && process.env.REQUIRE_CHROMIUM) {
    throw new Error('REQUIRE_CHROMIUM is set and there is no Chromium: install it, or name it in CHROMIUM_PATH');
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
      // Pages first: one that sees its inbox close says so on the console.
      await Promise.all(contexts.splice(0).map((each) => each.close()));
      await Promise.all(inboxes.splice(0).map((each) => each.close()));
      const found = wrongs.splice(0);
      ok(found.length === 0, `the page did what it must not:\n${found.join('\n')}`);
    });
    define();
  });
}

// One browser for all files: it ends with the last test of all.
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

/** An inbox that is closed after the test; without rates unless they are asked for. */
export async function inboxWith(options: InboxOptions = {}): Promise<Inbox> {
  const inbox = await startInbox({ rateLimit: false, ...options });
  inboxes.push(inbox);
  return inbox;
}

/** Opens the page. What it says on the console, asks elsewhere, or pops up fails the test. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  if (!browser) throw new Error('openPage() is for tests in inBrowser()');
  const context = await browser.newContext({ ...DESKTOP, timezoneId: 'Europe/Berlin', ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrongs.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrongs.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) wrongs.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.locator('#channels a').first().waitFor({ state: 'attached' });
  return page;
}

/** What was wrong so far is right for this test: what it returns is taken off the list. */
export function takeWrongs(): string[] {
  return wrongs.splice(0);
}

/** Calls the Web API as a bot does; gives the answer. */
export async function callApi(inbox: Inbox, method: string, args: object = {}): Promise<{ ok: boolean; ts: string }> {
  const headers = { authorization: `Bearer ${inbox.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ channel: inbox.channel, ...args });
  return (await fetch(inbox.apiUrl + method, { method: 'POST', headers, body })).json() as never;
}

/** So many messages through the webhook, over one connection and without waiting for each answer. */
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
