import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { callApi, inBrowser, inboxWith, openPage, takeViolations } from './support.js';

/** Each text sets `window.ran`, sends a request or opens a dialog, if the page runs any part of it. */
const HOSTILE = [
  '<script>window.ran = 1</script>',
  '<img src=x onerror="window.ran = 1">',
  '"><svg onload=window.ran=1> \' " `',
  '</style><style>*{background:url(//evil.example/x)}</style>',
  '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
  '<javascript:window.ran=1|click> <data:text/html,x|y> <vbscript:x|y> <//evil.example|z>',
  '[a](javascript:window.ran=1) ![b](https://evil.example/b.png)',
  '<!date^1^{date}^javascript:window.ran=1|f> {{constructor}} __proto__',
];

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const SCRIPT_URL = 'javascript:window.ran=1';

/** Returns messages with the text in every field where Slack accepts it. */
function messagesOf(text: string): object[] {
  const image = { image_url: 'https://evil.example/i.png', alt_text: text };
  return [
    { text, username: text, icon_emoji: ':fire:' },
    {
      text,
      blocks: [
        { type: 'header', text: plain(text) },
        {
          type: 'section',
          text: mrkdwn(text),
          fields: [mrkdwn(text), plain(text)],
          accessory: { type: 'image', ...image },
        },
        { type: 'context', elements: [plain(text), mrkdwn(text), { type: 'image', ...image }] },
        { type: 'actions', elements: [{ type: 'button', text: plain(text.slice(0, 75)), value: text }] },
        { type: 'image', title: plain(text), ...image },
        { type: 'markdown', text },
        { type: 'table', rows: [[{ type: 'raw_text', text }]] },
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text },
                { type: 'user', user_id: text },
                { type: 'date', timestamp: 5, format: '{date}', url: 'https://evil.example', fallback: text },
              ],
            },
            { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] },
          ],
        },
      ],
    },
    {
      attachments: [
        { color: text, pretext: text, author_name: text, author_link: SCRIPT_URL, title: text, title_link: SCRIPT_URL },
        {
          text,
          fields: [{ title: text, value: text }],
          image_url: SCRIPT_URL,
          thumb_url: text,
          footer: text,
          fallback: text,
        },
      ],
    },
    // Slack refuses this message, and the page shows the text in the problems.
    { text, blocks: [{ type: text, [text]: text }] },
  ];
}

/** Returns the elements of the page that could run, load or submit something. */
function dangers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const own = new Set(['main.js']);
    const bad = [...document.querySelectorAll('script, iframe, object, embed, form, base, svg, style, img')].filter(
      (each) =>
        !own.has((each.getAttribute('src') ?? '').replace('/ui/', '')) && each.getAttribute('src') !== '/ui/icon.svg',
    );
    const links = [...document.querySelectorAll<HTMLAnchorElement>('a')].filter(
      ({ protocol, target, rel }) =>
        !['http:', 'https:', 'mailto:'].includes(protocol) || (target === '_blank' && !rel.includes('noopener')),
    );
    const handlers = [...document.querySelectorAll('*')].filter((each) =>
      each.getAttributeNames().some((name) => name.startsWith('on')),
    );
    return [...bad, ...links, ...handlers].map((each) => each.outerHTML.slice(0, 200));
  });
}

inBrowser('a hostile message on the page', () => {
  it('runs no script, sends no request, opens no dialog, and links only to http(s) and mailto, in every field', async () => {
    const inbox = await inboxWith();
    const page = await openPage(inbox.url);
    const policy: string[] = [];
    await page.exposeFunction('onViolation', (text: string) => policy.push(text));
    await page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        (globalThis as unknown as { onViolation(text: string): void }).onViolation(event.violatedDirective);
      });
    });
    for (const args of HOSTILE.flatMap(messagesOf)) await callApi(inbox, 'chat.postMessage', args);
    const { ts = '' } = inbox.messages()[0] ?? {};
    for (const text of HOSTILE) await callApi(inbox, 'chat.postMessage', { text, thread_ts: ts });
    const refused = page.locator('article.refusal');
    await refused.nth(HOSTILE.length - 1).waitFor();
    await page
      .locator('article')
      .getByRole('button', { name: /replies/ })
      .click();
    await page.locator('#thread article').nth(HOSTILE.length).waitFor();
    deepEqual(await dangers(page), []);
    await refused.last().getByRole('button').click();
    await page.getByRole('dialog').waitFor();
    // After two frames every text is laid out, so that its effect would be visible.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    deepEqual(await dangers(page), []);
    equal(await page.evaluate(() => (globalThis as { ran?: number }).ran), undefined);
    deepEqual(policy, []);
    ok(inbox.messages().length >= 4 * HOSTILE.length, 'the inbox accepted most of the messages');
  });

  it('has no effect even after a mistake of ours: the browser refuses inline scripts and HTML from strings', async () => {
    const inbox = await inboxWith();
    const page = await openPage(inbox.url);
    const outcome = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<img src=x onerror="window.ran=1">';
        return 'accepted';
      } catch (error) {
        return (error as Error).name;
      }
    });
    equal(outcome, 'TypeError');
    deepEqual(takeViolations().length, 1, 'the browser reports the violation');
  });
});
