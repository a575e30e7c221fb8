import { deepEqual, equal, match, ok } from 'node:assert/strict';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Inbox } from '../../../packages/slack-inbox/src/index.js';
import { PHONE } from '../chromium.js';
import { callApi, inBrowser, inboxWith, openPage } from '../support.js';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text });

/** Posts an example of everything that the page can show. */
async function fill(inbox: Inbox): Promise<{ readonly ts: string }> {
  const image = { image_url: 'https://a.example/i.png', alt_text: 'a picture' };
  await callApi(inbox, 'chat.postMessage', {
    text: 'all blocks',
    blocks: [
      { type: 'header', text: plain('Header') },
      {
        type: 'section',
        text: mrkdwn('*a* <https://a.example|link> `code` <@U1> ```fence```\n> quote'),
        accessory: { type: 'image', ...image },
      },
      { type: 'section', fields: [mrkdwn('*K*\nv'), mrkdwn('*L*\nw')] },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: plain('Open'), url: 'https://a.example', style: 'primary' },
          { type: 'button', text: plain('Drop'), url: 'https://a.example', style: 'danger' },
          { type: 'button', text: plain('Nothing'), value: '1' },
        ],
      },
      { type: 'divider' },
      { type: 'context', elements: [mrkdwn('small'), { type: 'image', ...image }] },
      { type: 'image', title: plain('Title'), ...image },
      { type: 'markdown', text: '| a | b |\n|---|---|\n| 1 | 2 |\n\n- x' },
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'a' },
            { type: 'raw_text', text: 'b' },
          ],
        ],
      },
    ],
  });
  await callApi(inbox, 'chat.postMessage', { text: 'x', blocks: [{ type: 'section' }] });
  const { ts } = await callApi(inbox, 'chat.postMessage', {
    text: 'parent',
    attachments: [{ color: 'danger', text: 'bad', footer: 'f' }],
  });
  await callApi(inbox, 'chat.postMessage', { text: 'reply', thread_ts: ts });
  await callApi(inbox, 'chat.postMessage', { channel: '#general', text: 'unread' });
  inbox.react(ts, 'no_bell');
  inbox.setFaults([{ kind: 'status', status: 503, forMillis: 600_000 }]);
  return { ts };
}

/** Returns the violations that axe finds: names, roles, landmarks, contrast and others. */
async function axeViolations(page: Page): Promise<string[]> {
  // Evaluates axe as a browser extension does, because our content security policy allows no other script.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    interface Found {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Found[] }> } };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
    );
  });
}

inBrowser('the accessibility of the page', () => {
  const LOOKS: [string, BrowserContextOptions][] = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', PHONE],
  ];
  for (const [look, options] of LOOKS) {
    it(`has names, roles and contrast as WCAG requires, ${look}, with a thread, a dialog and a fault`, async () => {
      const inbox = await inboxWith();
      await fill(inbox);
      const page = await openPage(inbox.url, { ...options, reducedMotion: 'reduce' });
      await page.locator('article.refusal').waitFor();
      deepEqual(await axeViolations(page), []);
      await page
        .locator('article')
        .getByRole('button', { name: /^1 reply/ })
        .click();
      await page.locator('#thread article').nth(1).waitFor();
      deepEqual(await axeViolations(page), []);
      await page.locator('#thread').getByRole('button', { name: 'Close the thread' }).click();
      await page.getByRole('button', { name: 'Show the place' }).click();
      await page.getByRole('dialog').waitFor();
      deepEqual(await axeViolations(page), []);
      await page.keyboard.press('Escape');
      if (look === 'on a phone') {
        await page.getByRole('button', { name: 'Channels' }).click();
        deepEqual(await axeViolations(page), []);
      }
      const { wide, width } = await page.evaluate(() => {
        return { wide: document.documentElement.scrollWidth, width: document.documentElement.clientWidth };
      });
      equal(wide, width, 'nothing is wider than the screen');
    });
  }

  it('can be used with the keyboard alone', async () => {
    const inbox = await inboxWith();
    const { ts } = await fill(inbox);
    inbox.clearFaults();
    const page = await openPage(inbox.url);
    await page.locator('article.refusal').waitFor();
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? '');
    const press = (key: string) => page.keyboard.press(key);
    await press('ArrowUp');
    match(await focused(), /^otel: parent/);
    ok(
      await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle !== 'none'),
      'one sees where one is',
    );
    await press('ArrowUp');
    match(await focused(), /refused: invalid_blocks/);
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    await press('Escape');
    match(await focused(), /refused: invalid_blocks/, 'one is back where one was');
    await press('ArrowDown');
    await press('3');
    await page.getByRole('button', { name: 'eyes, 1 reaction' }).waitFor();
    deepEqual(
      inbox
        .messages()
        .find((each) => each.ts === ts)
        ?.reactions.map(({ name }) => name),
      ['no_bell', 'eyes'],
    );
    await press('Enter');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    await page.locator('#thread article:focus').waitFor();
    await press('ArrowDown');
    match(await focused(), /^otel: reply/);
    await press('Escape');
    await page.locator('#thread').waitFor({ state: 'hidden' });
    match(await focused(), /^otel: parent/);
    await press('s');
    await page.getByRole('dialog', { name: 'Message' }).waitFor();
    await press('Escape');
    await press('Alt+ArrowDown');
    await page.getByRole('heading', { name: '# general' }).waitFor();
    await press('/');
    equal(await focused(), 'Search in this channel');
    await page.keyboard.type('nothing?');
    await page.getByText('Nothing found').waitFor();
    await press('Escape');
    await page.locator('#rows').getByText('unread').waitFor();
    await press('Escape');
    await press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });

  it('announces new messages, but not old ones', async () => {
    const inbox = await inboxWith();
    await callApi(inbox, 'chat.postMessage', { text: 'old' });
    const page = await openPage(inbox.url);
    await page.locator('#rows').getByText('old').waitFor();
    equal(await page.locator('[aria-live=polite]').textContent(), '');
    await callApi(inbox, 'chat.postMessage', { text: '*new* &amp; <https://a.example|here>' });
    await page.locator('[aria-live=polite]').filter({ hasText: 'otel: *new* & here' }).waitFor();
  });

  it('shows dates in the time zone of the reader', async () => {
    const inbox = await inboxWith();
    await callApi(inbox, 'chat.postMessage', { text: '<!date^1700000000^{date_num} {time}|x>' });
    for (const [timezoneId, shown] of [
      ['Asia/Tokyo', '2023-11-15 7:13 AM'],
      ['America/New_York', '2023-11-14 5:13 PM'],
    ] as const) {
      const page = await openPage(inbox.url, { timezoneId });
      await page.locator('.content time').filter({ hasText: shown }).waitFor();
    }
  });
});

inBrowser('the JSON of a message', () => {
  it('opens with one click, and can be copied and opened in Block Kit Builder', async () => {
    const inbox = await inboxWith();
    await callApi(inbox, 'chat.postMessage', { text: 'x', blocks: [{ type: 'section', text: mrkdwn('hello') }] });
    const page = await openPage(inbox.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('article').hover();
    await page.locator('article').getByRole('button', { name: 'JSON' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('"hello"').waitFor();
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    equal(copied.blocks[0].text.text, 'hello');
    const link = dialog.getByRole('link', { name: /Block Kit Builder/ });
    match(String(await link.getAttribute('href')), /^https:\/\/app\.slack\.com\/block-kit-builder\/#%7B%22blocks%22/);
    deepEqual([await link.getAttribute('target'), await link.getAttribute('rel')], ['_blank', 'noopener noreferrer']);
  });

  it('of a refused request is marked at the problem', async () => {
    const inbox = await inboxWith();
    const blocks = [...Array(30)].map((_, n) => ({ type: 'section', text: mrkdwn(`block ${n}`) }));
    blocks[28] = { type: 'section', text: mrkdwn('x'.repeat(3_001)) };
    await callApi(inbox, 'chat.postMessage', { text: 'x', blocks });
    const page = await openPage(inbox.url);
    await page.getByRole('button', { name: 'Show the place' }).click();
    const wrong = page.locator('#source-json .wrong');
    await wrong.first().waitFor();
    equal(await wrong.count(), 1);
    match(String(await wrong.textContent()), /"text": "xxx/);
    ok(await wrong.evaluate((each) => each.getBoundingClientRect().top < innerHeight), 'it is in view');
    await page.getByRole('button', { name: '/blocks/28/text/text' }).waitFor();
  });
});
