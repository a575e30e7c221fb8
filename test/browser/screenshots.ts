/** `npm run screenshots`: takes the pictures in docs/ of the page, during the storm of the demo. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { startInbox } from 'slack-inbox';
import { startPartners } from '../../examples/shop/demo/partners.js';
import { startShop } from '../../examples/shop/demo/shop-process.js';
import { sendTraffic } from '../../examples/shop/demo/traffic.js';
import { CHROMIUM_ARGS, findChromium, PHONE } from './chromium.js';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
/** By then, the storm is one message with thousands of records, and a reply in its thread has the second cause. */
const DELAY_IN_STORM_MILLIS = 21_000;

const WINDOW: BrowserContextOptions = { viewport: { width: 1_280, height: 800 } };

const CHANNELS = [
  { id: 'C0123ALERTS', name: '#alerts' },
  { id: 'C0123DEPLOYS', name: '#deploys' },
  { id: 'C0123GENERAL', name: '#general' },
];

async function main(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('found no Chromium: install it, or set CHROMIUM_PATH to its path');
  const inbox = await startInbox({ channels: CHANNELS });
  const partners = await startPartners();
  const shop = await startShop(inbox, partners.url);
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  const stop = new AbortController();
  try {
    const storm = new Promise<void>((resolve) => {
      const onScene = () => setTimeout(resolve, DELAY_IN_STORM_MILLIS);
      void sendTraffic(shop.url, { once: true, partners, signal: stop.signal, onScene });
    });
    await postDeploys(inbox.addWebhook('#deploys'));
    await storm;
    await takeAll(browser, inbox.url);
  } finally {
    stop.abort();
    await browser.close();
    await shop.stop();
    partners.close();
    await inbox.close();
  }
}

/** Posts as another program, to show that the inbox works with any program. */
async function postDeploys(url: string): Promise<void> {
  for (const text of ['shop 1.4.2 is in production', 'shop 1.4.3 is in staging :rocket:']) {
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  }
}

async function takeAll(browser: Browser, url: string): Promise<void> {
  const take = async (name: string, options: BrowserContextOptions, act?: (page: Page) => Promise<void>) => {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(url);
    await page.locator('#rows article').last().waitFor();
    await act?.(page);
    if (act !== takeMessage) await page.screenshot({ path: join(DOCS, name) });
    await context.close();
  };
  await take('inbox-light.png', { ...WINDOW, colorScheme: 'light' }, openThread);
  await take('inbox-dark.png', { ...WINDOW, colorScheme: 'dark' });
  await take('inbox-phone.png', { ...PHONE, colorScheme: 'light' });
  await take('message.png', { viewport: { width: 860, height: 900 }, deviceScaleFactor: 2 }, takeMessage);
}

async function openThread(page: Page): Promise<void> {
  await page.locator('#rows .replies:visible').last().click();
  await page.locator('#thread article').first().waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.mouse.move(0, 0);
}

/** Takes a picture of the storm's message: the last message with thousands of records. */
async function takeMessage(page: Page): Promise<void> {
  const article = page
    .locator('#rows article')
    .filter({ hasText: /ERROR ×\d,\d{3}/ })
    .last();
  await article.screenshot({ path: join(DOCS, 'message.png') });
}

await main();
