import { setTimeout as sleep } from 'node:timers/promises';
import type { Partners } from './partners.js';
import { STORM, type StormParts, storm } from './storm.js';

/** A request of a customer or a machine, with its delay after the previous one. */
interface Step {
  readonly afterMillis: number;
  readonly request: string;
  readonly body?: string;
}

const order = (sku: string, card: string, quantity = 1): string => JSON.stringify({ sku, card, quantity });
const GOOD_CARD = '4242424242424242';
const EMPTY_CARD = '4000000000009995';
const OLD_CARD = '4000000000000069';

/** Six seconds in the life of a shop. Most requests succeed and cause no message. */
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
/** About three quiet minutes between two storms: a customer now and then, of which every tenth is declined. */
const LULL = { customers: 50, pauseMillis: 3_500, poorEvery: 10 } as const;

/** Options of {@link sendTraffic}. */
export interface TrafficOptions {
  readonly partners: Partners;
  readonly once: boolean;
  readonly signal: AbortSignal;
  /** Called when something begins or ends that is not visible in the channel. */
  readonly onScene: (text: string) => void;
}

/** Plays the story and the storm, once or until the signal. Resolves after the last answer. */
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
    // A request without an answer means that the shop has ended. `shop-process.ts` reports that.
  }
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return sleep(millis, undefined, { signal }).catch(() => {});
}
