import { workerData } from 'node:worker_threads';
import { callWebApi, createPlainHttpClient, type LastWord, postToWebhook } from '../slack/index.js';
import { sleepUntil, systemClock } from '../util/index.js';

/** The data of the worker: the messages, and the memory for its result. */
interface LastWordsData {
  readonly words: readonly LastWord[];
  readonly flag: Int32Array;
}

/** The results of the worker: some message failed, or Slack has confirmed all. See last-words.ts. */
const ENDED = 1;
const ALL_SENT = 2;

/** Posts one message, once the rate limit of its channel allows it. Returns whether Slack has confirmed it. */
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

/** Posts all messages and writes the result in any case, because the process waits for it. */
async function postAll({ words, flag }: LastWordsData): Promise<void> {
  const results = await Promise.allSettled(words.map(post));
  const areSent = results.every((result) => result.status === 'fulfilled' && result.value);
  Atomics.store(flag, 0, areSent ? ALL_SENT : ENDED);
  Atomics.notify(flag, 0);
}

void postAll(workerData as LastWordsData);
