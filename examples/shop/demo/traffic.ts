import { setTimeout as sleep } from 'node:timers/promises';

/** A request of a customer's, or of a machine's, so long after the one before. */
interface Step {
  readonly afterMillis: number;
  readonly request: string;
  readonly body?: string;
}

const order = (sku: string, card: string, quantity = 1): string => JSON.stringify({ sku, card, quantity });
const GOOD_CARD = '4242424242424242';
const EMPTY_CARD = '4000000000009995';
const OLD_CARD = '4000000000000069';

/** Six seconds in the life of a shop. Most of it works, and nobody in Slack is told of that. */
const STORY: readonly Step[] = [
  { afterMillis: 0, request: 'POST /orders', body: order('teapot', GOOD_CARD) },
  { afterMillis: 150, request: 'POST /orders', body: order('mug', GOOD_CARD, 4) },
  { afterMillis: 150, request: 'POST /orders', body: order('teapot', EMPTY_CARD) },
  { afterMillis: 200, request: 'POST /orders', body: order('mug', EMPTY_CARD, 2) },
  { afterMillis: 200, request: 'GET /orders/7731' },
  { afterMillis: 300, request: 'GET /orders/1001' },
  { afterMillis: 300, request: 'GET /orders/1001/shipping' },
  { afterMillis: 1_000, request: 'POST /stock-sync/70' },
  { afterMillis: 500, request: 'POST /orders', body: order('mug', GOOD_CARD) },
  { afterMillis: 1_600, request: 'POST /orders', body: '{"sku": "mug", ' },
  { afterMillis: 400, request: 'PUT /prices', body: '{"teapot": 39, "mug": 9' },
  { afterMillis: 500, request: 'POST /orders', body: order('teapot', OLD_CARD) },
  { afterMillis: 200, request: 'GET /orders/7732' },
  { afterMillis: 300, request: 'GET /orders/1001/shipping' },
];
const PAUSE_MILLIS = 5_000;

/** Tells the story once, or again and again until the signal. Resolves when every answer is there. */
export async function sendTraffic(shopUrl: string, { once, signal }: { once: boolean; signal: AbortSignal }) {
  do {
    const answers: Promise<unknown>[] = [];
    for (const step of STORY) {
      await pause(step.afterMillis, signal);
      if (signal.aborted) break;
      // A request without an answer says that the shop is gone: who watches the shop tells.
      answers.push(send(shopUrl, step).catch(() => {}));
    }
    await Promise.all(answers);
    if (!once) await pause(PAUSE_MILLIS, signal);
  } while (!once && !signal.aborted);
}

async function send(shopUrl: string, { request, body }: Step): Promise<void> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const answer = await fetch(shopUrl + path, { method, ...(body === undefined ? {} : { body }) });
  await answer.arrayBuffer();
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return sleep(millis, undefined, { signal }).catch(() => {});
}
