import { workerData } from 'node:worker_threads';
import { createHttpClient } from '../slack/http.js';
import type { LastWord } from '../slack/types.js';
import { callWebApi } from '../slack/web-api.js';
import { postToWebhook } from '../slack/webhook.js';
import { sleepUntil, systemClock } from '../util/clock.js';

/** The data of the worker: the messages, and the memory for its result. */
interface LastWordsData {
  readonly words: readonly LastWord[];
  readonly shared: SharedArrayBuffer;
}

/** The results of the worker: some message failed, or Slack has confirmed all. See last-words.cts. */
const ENDED = 1;
const ALL_SENT = 2;

/** Posts one message, once the rate limit of its channel allows it. Returns whether Slack has confirmed it. */
async function post({ destination, message, delayMillis, timeoutMillis, isLocal }: LastWord): Promise<boolean> {
  const clock = systemClock;
  await sleepUntil(clock, clock.monotonic() + delayMillis, { ref: true });
  const http = createHttpClient({ clock, isLocal, warn: () => {} });
  const options = { http, clock, timeoutMillis, signal: new AbortController().signal };
  const outcome =
    destination.kind === 'webhook'
      ? await postToWebhook(destination, message, options)
      : await callWebApi(destination, { act: 'post', message }, options);
  return outcome.kind === 'sent';
}

/** Posts all messages and writes the result in any case, because the process waits for it. */
function postAll({ words, shared }: LastWordsData): void {
  // The sockets do not keep this thread alive, and it must live until Slack has answered.
  const keepAlive = setInterval(() => {}, 1_000);
  void Promise.allSettled(words.map(post)).then((results) => {
    const areSent = results.every((result) => result.status === 'fulfilled' && result.value);
    const flag = new Int32Array(shared);
    Atomics.store(flag, 0, areSent ? ALL_SENT : ENDED);
    Atomics.notify(flag, 0);
    clearInterval(keepAlive);
  });
}

postAll(workerData as LastWordsData);
