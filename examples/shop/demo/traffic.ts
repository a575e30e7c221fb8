import { setTimeout as sleep } from 'node:timers/promises';
import type { Partners } from './partners.js';
import { STORM, type StormParts, storm } from './storm.js';

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
/** A quiet time between the storm and the next story, about three minutes: a customer now and then, each tenth too poor. */
const LULL = { customers: 50, pauseMillis: 3_500, poorEvery: 10 } as const;

/** What {@link sendTraffic} needs to know. */
export interface TrafficOptions {
  readonly partners: Partners;
  readonly once: boolean;
  readonly signal: AbortSignal;
  /** Something begins or ends that a reader of the channel would not know. */
  readonly onScene: (text: string) => void;
}

/** The story and the storm, once, or again and again until the signal. Ends when every answer is there. */
export async function sendTraffic(shopUrl: string, { partners, once, signal, onScene }: TrafficOptions): Promise<void> {
  const parts: StormParts = { partners, signal, pause, buy: () => send(shopUrl, CHECKOUT) };
  do {
    await tellStory(shopUrl, signal);
    await pause(STORM.calmBeforeMillis, signal);
    if (!signal.aborted) await storm(parts, onScene);
    if (!once) await lull(shopUrl, signal);
  } while (!once && !signal.aborted);
}

async function tellStory(shopUrl: string, signal: AbortSignal): Promise<void> {
  const answers: Promise<void>[] = [];
  for (const step of STORY) {
    await pause(step.afterMillis, signal);
    if (signal.aborted) break;
    answers.push(send(shopUrl, step));
  }
  await Promise.all(answers);
}

async function lull(shopUrl: string, signal: AbortSignal): Promise<void> {
  for (let customer = 1; customer <= LULL.customers && !signal.aborted; customer++) {
    await pause(LULL.pauseMillis, signal);
    await send(shopUrl, customer % LULL.poorEvery === 0 ? POOR_CHECKOUT : CHECKOUT);
  }
}

const CHECKOUT = { request: 'POST /orders', body: order('teapot', GOOD_CARD) };
const POOR_CHECKOUT = { request: 'POST /orders', body: order('teapot', EMPTY_CARD) };

async function send(shopUrl: string, { request, body }: Omit<Step, 'afterMillis'>): Promise<void> {
  const [method = 'GET', path = '/'] = request.split(' ');
  try {
    const answer = await fetch(shopUrl + path, { method, ...(body === undefined ? {} : { body }) });
    await answer.arrayBuffer();
  } catch {
    // A request without an answer says that the shop is gone: who watches the shop tells.
  }
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return sleep(millis, undefined, { signal }).catch(() => {});
}
