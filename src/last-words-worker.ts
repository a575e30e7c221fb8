import { workerData } from 'node:worker_threads';
import { sleepUntil, systemClock } from './clock.js';
import type { LastWord } from './message.js';
import { createHttpClient } from './slack/http.js';
import { callWebApi } from './slack/web-api.js';
import { postToWebhook } from './slack/webhook.js';

/** What a worker is given: messages, and where it says that it is done. */
interface Given {
  readonly words: readonly LastWord[];
  readonly shared: SharedArrayBuffer;
}

/** Posts one message, when its channel takes another one. */
async function post({ destination, message, delayMillis, timeoutMillis, isLocal }: LastWord): Promise<void> {
  const clock = systemClock;
  await sleepUntil(clock, clock.monotonic() + delayMillis, { ref: true });
  const http = createHttpClient({ clock, isLocal, warn: () => {} });
  const options = { http, clock, timeoutMillis, signal: new AbortController().signal };
  if (destination.kind === 'webhook') await postToWebhook(destination, message, options);
  else await callWebApi(destination, { act: 'post', message }, options);
}

/** Whatever becomes of it, the process is told to go on ending. */
function speak({ words, shared }: Given): void {
  // Our sockets keep nothing alive, and this thread has to live until it has its answers.
  const alive = setInterval(() => {}, 1_000);
  void Promise.allSettled(words.map(post)).then(() => {
    const flag = new Int32Array(shared);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
    clearInterval(alive);
  });
}

speak(workerData as Given);
