import { deepEqual, equal, match } from 'node:assert/strict';
import { startInbox } from '../../../packages/slack-inbox/src/index.js';
import { callApi, inBrowser, inboxWith, openPage, takeViolations } from '../support.js';

inBrowser('the page, live', () => {
  it('counts unread messages of other channels, until the reader opens them', async () => {
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

  it('shows that the inbox was closed, and catches up afterwards', async () => {
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
    match(takeViolations().join('\n'), /^(?:console: Failed to load resource: net::ERR_[\w ]+\n?)+$/);
  });

  it('searches, and opens the message of a permalink', async () => {
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

  it('clears the inbox after a confirmation', async () => {
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
    takeViolations();
  });

  it('a fault ends by itself, and the page shows that', async () => {
    const inbox = await inboxWith();
    const page = await openPage(inbox.url);
    inbox.setFaults([{ kind: 'hang_before_headers', forMillis: 700 }]);
    const hanging = page.getByRole('button', { name: /^Hanging/, pressed: true });
    await hanging.waitFor();
    await hanging.waitFor({ state: 'detached' });
    equal(await page.locator('#fault-state').textContent(), 'Slack works normally.');
  });
});
