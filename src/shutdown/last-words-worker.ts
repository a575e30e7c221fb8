import { workerData } from 'node:worker_threads';
import { createPlainHttpClient } from '../slack/plain-http.js';
import type { LastWord } from '../slack/types.js';
import { callWebApi } from '../slack/web-api.js';
import { postToWebhook } from '../slack/webhook.js';
import { sleepUntil, systemClock } from '../util/clock.js';

/** What a worker is given: messages, and where it says that it is done. */
interface Given {
  readonly words: readonly LastWord[];
  readonly flag: Int32Array;
}

/** What is said when all is over: whatever became of it, and that Slack has confirmed everything. */
const OVER = 1;
const ALL_SENT = 2;

/** Posts one message, when its channel takes another one. Whether Slack has confirmed it. */
async function post({ destination, message, delayMillis, timeoutMillis, isLocal }: LastWord): Promise<boolean> {
  const clock = systemClock;
  await sleepUntil(clock, clock.monotonic() + delayMillis, { ref: true });
  const http = createPlainHttpClient({ isLocal });
  const options = { http, clock, timeoutMillis, signal: new AbortController().signal };
  const outcome =
    destination.kind === 'webhook'
      ? await postToWebhook(destination, message, options)
      : await callWebApi(destination, { act: 'post', message }, options);
  return outcome.kind === 'sent';
}

/** Whatever becomes of it, the process is told to go on ending. */
async function speak({ words, flag }: Given): Promise<void> {
  const ends = await Promise.allSettled(words.map(post));
  const areSent = ends.every((end) => end.status === 'fulfilled' && end.value);
  Atomics.store(flag, 0, areSent ? ALL_SENT : OVER);
  Atomics.notify(flag, 0);
}

void speak(workerData as Given);
