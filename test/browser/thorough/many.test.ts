import { ok } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { inBrowser, inboxWith, openPage, postMany } from '../support.js';

const MESSAGES = 10_000;
/** The maximum of rows in the DOM; see MAX_ROWS in feed-view.ts. */
const MOST_ROWS = 120;

interface Measured {
  readonly mostRows: number;
  readonly mostElements: number;
  /** The times of the frames, in milliseconds. */
  readonly median: number;
  readonly longest: number;
  readonly first: number;
}

/** Scrolls up continuously, until the message is visible or the time is over. */
function scrollUp(page: Page, until: number, maxMillis: number): Promise<Measured> {
  return page.evaluate(
    async ({ until, maxMillis }) => {
      const box = document.querySelector('#feed') as HTMLElement;
      const frames: number[] = [];
      let [mostRows, mostElements, first] = [0, 0, Number.POSITIVE_INFINITY];
      const start = performance.now();
      let last = start;
      while (first > until && performance.now() - start < maxMillis) {
        box.scrollTop -= 600;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        frames.push(performance.now() - last);
        last = performance.now();
        mostRows = Math.max(mostRows, document.querySelectorAll('#rows article').length);
        mostElements = Math.max(mostElements, document.querySelectorAll('*').length);
        first = Number(/\d+/.exec(document.querySelector('#rows article .text')?.textContent ?? '')?.[0]);
      }
      frames.sort((a, b) => a - b);
      const median = frames[Math.floor(frames.length / 2)] ?? 0;
      return { mostRows, mostElements, median, longest: frames.at(-1) ?? 0, first };
    },
    { until, maxMillis },
  );
}

inBrowser(`the page with ${MESSAGES.toLocaleString('en-US')} messages`, () => {
  it('opens at once, scrolls smoothly through thousands, and never has more than a window of rows', async function () {
    this.timeout(60_000);
    const inbox = await inboxWith();
    await postMany(inbox, MESSAGES, (n) => `message ${n} of *many*`);
    const start = performance.now();
    const page = await openPage(inbox.url);
    await page.getByText(`message ${MESSAGES - 1} of`).waitFor();
    const openMillis = performance.now() - start;
    const measured = await scrollUp(page, MESSAGES - 1_500, 20_000);
    console.log(`      opened in ${Math.round(openMillis)} ms; ${JSON.stringify(measured)}`);
    ok(measured.first <= MESSAGES - 1_500, 'it got there');
    ok(measured.mostRows <= MOST_ROWS && measured.mostElements < MOST_ROWS * 40, 'the page is bounded');
    ok(measured.median < 50, `half of the frames took longer than ${measured.median} ms`);

    // When the reader is further up, new messages do not move the view, and a button leads to them.
    const text = () => page.evaluate(() => document.querySelector('#rows article .text')?.textContent);
    const before = await text();
    await postMany(inbox, 300, (n) => `late ${n}`);
    await page.getByRole('button', { name: /300 new messages|Newest/ }).click();
    await page.getByText('late 299').waitFor();
    ok((await text()) !== before);
    await page.getByText('300 older ones were dropped').waitFor();
    ok((await page.locator('#rows article').count()) <= MOST_ROWS);
  });

  it('stays bounded and at the newest while thousands arrive', async function () {
    this.timeout(60_000);
    const inbox = await inboxWith();
    const page = await openPage(inbox.url);
    await postMany(inbox, 3_000, (n) => `storm ${n}.`);
    await page.getByText('storm 2999.').waitFor();
    const { rows, isAtEnd } = await page.evaluate(() => {
      const box = document.querySelector('#feed') as HTMLElement;
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
      return { rows: document.querySelectorAll('#rows article').length, isAtEnd };
    });
    ok(rows <= MOST_ROWS && isAtEnd, `${rows} rows`);
  });
});
