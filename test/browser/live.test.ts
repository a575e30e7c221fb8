import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { startInbox } from '../../src/inbox/index.js';
import { fastClock } from '../support/clock.js';
import { record } from '../support/records.js';
import { isolated, opened, texts } from '../support/slack.js';
import { callApi, inBrowser, inboxWith, openPage, takeWrongs } from './support.js';

inBrowser('the page with a real exporter', () => {
  const open = opened();
  afterEach(() => open.closeAll());

  async function setUp() {
    const inbox = await inboxWith();
    const { token, channel, apiUrl } = inbox;
    const exporter = open.ending(
      new SlackLogRecordExporter({ token, channel, apiUrl, timeoutMillis: 60_000 }, isolated({ clock: fastClock(50) })),
    );
    const emit = (body = 'disk is full'): void => exporter.export([record({ body })], () => {});
    const page = await openPage(inbox.url);
    return { inbox, exporter, emit, page };
  }

  /** Emits until it is so; each time is a new occurrence. */
  async function emitUntil(emit: () => void, isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) {
      emit();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('shows a message as it is posted, and its count growing in place, without a reload', async () => {
    const { emit, page } = await setUp();
    emit();
    const article = page.locator('#rows article');
    await article.filter({ hasText: 'disk is full' }).waitFor();
    const element = await article.elementHandle();
    await emitUntil(emit, async () => /ERROR ×\d+/.test((await article.textContent()) ?? ''));
    await article.getByText('(edited)').waitFor();
    equal(await article.count(), 1);
    ok(await element?.evaluate((each) => each.isConnected), 'the very same element');
  });

  it('a click on 🔕 silences the problem, and the page shows that it is', async () => {
    const { inbox, exporter, emit, page } = await setUp();
    emit();
    const article = page.locator('#rows article');
    await article.hover();
    await article.getByRole('button', { name: 'React with no_bell' }).click();
    await emitUntil(emit, () => texts(inbox)[0]?.startsWith('🔕') === true);
    await article.filter({ hasText: /🔕.*silenced/s }).waitFor();
    await article.getByRole('button', { name: 'no_bell, 1 reaction' }).waitFor();
    const { silenced = 0 } = exporter.stats().dropped;
    emit();
    equal(exporter.stats().dropped.silenced, silenced + 1);
  });

  it('a fault set on the page stops the exporter, which recovers when it is cleared', async () => {
    const { inbox, exporter, emit, page } = await setUp();
    await page.getByRole('combobox', { name: 'For how long' }).selectOption('60');
    await page.getByRole('button', { name: /^Down/ }).click();
    await page
      .locator('#banner')
      .filter({ hasText: /HTTP 503, (?:60|5\d) s left/ })
      .waitFor();
    emit();
    await page.locator('article.refusal').filter({ hasText: 'http_503' }).first().waitFor();
    deepEqual([inbox.messages().length, exporter.stats().delivered], [0, 0]);
    await page.getByRole('button', { name: 'Clear the fault' }).click();
    await page.locator('#banner').waitFor({ state: 'hidden' });
    await page.locator('#rows article:not(.refusal)').filter({ hasText: 'disk is full' }).waitFor();
    await exporter.forceFlush();
    equal(exporter.stats().delivered, 1);
  });

  it('a fault ends by itself, and the page says so', async () => {
    const { inbox, page } = await setUp();
    inbox.setFaults([{ kind: 'hang_before_headers', forMillis: 700 }]);
    const hanging = page.getByRole('button', { name: /^Hanging/, pressed: true });
    await hanging.waitFor();
    await hanging.waitFor({ state: 'detached' });
    equal(await page.locator('#fault-state').textContent(), 'Slack is well.');
  });
});

inBrowser('the page, live', () => {
  it('counts what is unread in other channels, until one looks', async () => {
    const inbox = await inboxWith();
    const page = await openPage(inbox.url);
    const general = page.getByRole('link', { name: /^general/ });
    for (const text of ['a', 'b']) await callApi(inbox, 'chat.postMessage', { channel: '#general', text });
    await page.getByRole('link', { name: 'general 2 new' }).waitFor();
    equal(await page.title(), '(2) Local Slack');
    await general.click();
    await page.locator('#rows article').filter({ hasText: 'b' }).waitFor();
    await page.getByRole('link', { name: 'general', exact: true }).waitFor();
    match(page.url(), /\/archives\/C0123GENERAL$/);
    await page.goBack();
    await page.getByRole('heading', { name: '# alerts' }).waitFor();
  });

  it('opens a thread, where replies arrive, and closes it when it is gone', async () => {
    const inbox = await inboxWith();
    const { ts } = await callApi(inbox, 'chat.postMessage', { text: 'parent' });
    await callApi(inbox, 'chat.postMessage', { text: 'first reply', thread_ts: ts });
    const page = await openPage(inbox.url);
    await page.getByRole('button', { name: /^1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('first reply').waitFor();
    await callApi(inbox, 'chat.postMessage', { text: 'second reply', thread_ts: ts });
    await thread.getByText('second reply').waitFor();
    await page.getByRole('button', { name: /^2 replies/ }).waitFor();
    equal(await page.locator('#rows article').count(), 1, 'replies stand in the thread only');
    for (const { ts: each } of inbox.messages()) await callApi(inbox, 'chat.delete', { ts: each });
    await thread.waitFor({ state: 'hidden' });
  });

  it('catches up on what it missed while the inbox was away, and says that it was', async () => {
    const first = await inboxWith();
    await callApi(first, 'chat.postMessage', { text: 'before' });
    const page = await openPage(first.url);
    await page.getByText('before').waitFor();
    await first.close();
    await page.locator('body[data-lost]').waitFor();
    const second = await inboxWith({ port: Number(new URL(first.url).port) });
    await callApi(second, 'chat.postMessage', { text: 'meanwhile' });
    await page.locator('#rows').getByText('meanwhile').waitFor();
    deepEqual(await page.locator('#rows article').count(), 1);
    equal(await page.locator('body[data-lost]').count(), 0);
    match(takeWrongs().join('\n'), /^(?:console: Failed to load resource: net::ERR_[\w ]+\n?)+$/);
  });

  it('finds what is searched for, and goes to the message that a link names', async () => {
    const inbox = await inboxWith();
    for (let n = 0; n < 90; n++) await callApi(inbox, 'chat.postMessage', { text: `order ${n}` });
    const page = await openPage(inbox.url);
    await page.getByRole('searchbox').fill('ORDER 17');
    await page.locator('#rows article').filter({ hasText: 'order 17' }).waitFor();
    await page.locator('#rows article').filter({ hasText: 'order 89' }).waitFor({ state: 'detached' });
    const { ts } = inbox.messages()[3] ?? { ts: '' };
    await page.goto(`${inbox.url}archives/${inbox.channel}/p${ts.replace('.', '')}`);
    await page.locator('article.linked:focus').filter({ hasText: 'order 3' }).waitFor();
  });

  it('clears the inbox, when one is sure', async () => {
    const inbox = await inboxWith();
    await callApi(inbox, 'chat.postMessage', { text: 'x' });
    const page = await openPage(inbox.url);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByRole('button', { name: 'Keep them' }).click();
    equal(inbox.messages().length, 1);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing was posted here yet').waitFor();
    equal(inbox.messages().length, 0);
    await page.locator('pre').filter({ hasText: inbox.webhookUrl }).first().waitFor();
  });

  it('is served on loopback names only', async () => {
    const inbox = await startInbox();
    const page = await openPage(inbox.url.replace('127.0.0.1', 'localhost'));
    await page.getByText('Nothing was posted here yet').waitFor();
    await inbox.close();
    await page.locator('body[data-lost]').waitFor();
    takeWrongs();
  });
});
