import { Worker } from 'node:worker_threads';
import { type LastWord, type LastWordResult, mergeLastWords } from '../slack/index.js';
import { runInternal } from '../telemetry/index.js';
import { lastWordsSource } from './last-words-source.js';

/** How long a process that ends waits for its last words to be sent, for all exporters together, in milliseconds. */
export const MAX_WAIT_MILLIS = 2_000;
/** A thread needs this time to start, in milliseconds. With less, nothing would be sent. */
const MIN_WAIT_MILLIS = 100;

/** The results by their number in the shared memory; see last-words-worker.ts. Of a running request the result is unknown. */
const RESULTS: readonly LastWordResult[] = ['failed', 'sent', 'unknown'];

/** Options of {@link sendLastWords}. */
export interface LastWordsOptions {
  readonly waitMillis: number;
  /** Called with the reason when Node starts no thread. Then nothing waits. */
  readonly warn: (message: string) => void;
}

/**
 * Sends messages while the process ends, when nothing asynchronous runs in it any more. Starts a thread for that, and
 * blocks until all have a result or the time is over. Returns the result of each message.
 */
export function sendLastWords(
  words: readonly LastWord[],
  { waitMillis, warn }: LastWordsOptions,
): readonly LastWordResult[] {
  const failed = words.map((): LastWordResult => 'failed');
  if (words.length === 0 || waitMillis < MIN_WAIT_MILLIS) return failed;
  const merged = mergeLastWords(words);
  const flags = new Int32Array(new SharedArrayBuffer((1 + merged.length) * Int32Array.BYTES_PER_ELEMENT));
  try {
    const data = { words: merged.map(({ word }) => word), flags, waitMillis };
    const worker = runInternal(() => startThread(data));
    Atomics.wait(flags, 0, 0, waitMillis);
    void worker.terminate();
  } catch (error) {
    warn(reasonOf(error));
    return failed;
  }
  merged.forEach(({ from }, at) => {
    for (const index of from) failed[index] = RESULTS[Atomics.load(flags, 1 + at)] ?? 'failed';
  });
  return failed;
}

function startThread(workerData: object): Worker {
  // Without the app's `--import` and NODE_OPTIONS, which would run its setup again in the thread. The output of the
  // thread is discarded, so that the output of the process does not change.
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const worker = new Worker(lastWordsSource(), {
    eval: true,
    workerData,
    execArgv: [],
    env,
    stdout: true,
    stderr: true,
  });
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

/** Source: https://nodejs.org/api/permissions.html (ERR_ACCESS_DENIED) */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ERR_ACCESS_DENIED' ? 'Node runs with --permission; add --allow-worker, or set the option spool' : message;
  return `the last words cannot be sent, because no thread can be started: ${reason}`;
}
