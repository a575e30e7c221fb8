import { workerData } from 'node:worker_threads';
import {
  callWebApi,
  createPlainHttpClient,
  type HttpClient,
  isConnectionError,
  type LastWord,
  type Outcome,
  postToWebhook,
} from '../slack/index.js';
import { sleepUntil, systemClock } from '../util/index.js';

/** The data of the worker: the messages, the memory for the results, and the time until the process ends. */
interface LastWordsData {
  readonly words: readonly LastWord[];
  /** First whether all messages have a result, then the result of each message. */
  readonly flags: Int32Array;
  readonly waitMillis: number;
}

/** The results of a message; see last-words.ts. */
const SENT = 1;
const UNKNOWN = 2;

/** The wait before another attempt, when Slack names none, in milliseconds. */
const RETRY_MILLIS = 250;

const clock = systemClock;
const signal = new AbortController().signal;
const { words, flags, waitMillis } = workerData as LastWordsData;
const deadlineMillis = clock.monotonic() + waitMillis;

/** Posts a message once the rate limit of its channel allows it, and again after an answer that may improve. */
async function post(word: LastWord, at: number): Promise<void> {
  const http = createPlainHttpClient({ isLocal: word.isLocal, addresses: word.addresses });
  let { delayMillis } = word;
  while (clock.monotonic() + delayMillis < deadlineMillis) {
    await sleepUntil(clock, clock.monotonic() + delayMillis, { ref: true });
    // The process may end while the request runs.
    Atomics.store(flags, at, UNKNOWN);
    const outcome = await send(word, http);
    Atomics.store(flags, at, resultOf(outcome));
    if (outcome.kind === 'sent' || outcome.kind === 'refused' || isConnectionError(outcome.reason)) return;
    delayMillis = (outcome.kind === 'retry' && outcome.rateLimitedMillis) || RETRY_MILLIS;
  }
}

function send({ destination, message, timeoutMillis }: LastWord, http: HttpClient): Promise<Outcome> {
  const options = { http, clock, timeoutMillis, signal };
  return destination.kind === 'webhook'
    ? postToWebhook(destination, message, options)
    : callWebApi(destination, { act: 'post', message }, options);
}

function resultOf({ kind }: Outcome): number {
  if (kind === 'sent') return SENT;
  return kind === 'unknown' ? UNKNOWN : 0;
}

/** Posts all messages, and wakes the process in any case, because it waits. */
async function postAll(): Promise<void> {
  await Promise.allSettled(words.map((word, at) => post(word, at + 1)));
  Atomics.store(flags, 0, 1);
  Atomics.notify(flags, 0);
}

void postAll();
