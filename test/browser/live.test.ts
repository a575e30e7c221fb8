import { deepEqual, equal, ok } from 'node:assert/strict';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { fastClock } from '../support/clock.js';
import { record } from '../support/records.js';
import { isolated, opened, texts } from '../support/slack.js';
import { callApi, inBrowser, inboxWith, openPage } from './support.js';

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

  /** Emits a record again and again, until the condition holds. */
  async function emitUntil(emit: () => void, condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) {
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
    ok(await element?.evaluate((each) => each.isConnected), 'the element is the same');
  });

  it('a click on 🔕 silences the problem, and the page shows the silenced message', async () => {
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
});

inBrowser('the page', () => {
  it('opens a thread, shows new replies, and closes it when it is deleted', async () => {
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
    equal(await page.locator('#rows article').count(), 1, 'replies are only in the thread');
    for (const { ts: each } of inbox.messages()) await callApi(inbox, 'chat.delete', { ts: each });
    await thread.waitFor({ state: 'hidden' });
  });
});
