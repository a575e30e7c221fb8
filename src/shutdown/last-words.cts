import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LastWord } from '../slack/types.js';

/** This file is CommonJS in both builds, because `__dirname` exists only there. */
const WORKER = join(__dirname, 'last-words-worker.js');

/** How long a process that ends waits for its last words to be sent, in milliseconds. */
const MAX_WAIT_MILLIS = 2_000;

/** The thread's result when Slack has confirmed all messages; see last-words-worker.ts. */
const ALL_SENT = 2;

/**
 * Sends messages while the process ends, when nothing asynchronous runs in it any more. Starts a thread for that, and
 * blocks for at most two seconds. Returns whether Slack has confirmed all messages.
 */
export function sendLastWords(words: readonly LastWord[]): boolean {
  if (words.length === 0) return false;
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData = { words, shared };
  // Without the app's `--import` and NODE_OPTIONS, which would run its setup again in the thread. The output of the
  // thread is discarded, so that the output of the process does not change.
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const worker = new Worker(WORKER, { workerData, execArgv: [], env, stdout: true, stderr: true });
  worker.on('error', () => {});
  worker.unref();
  const flag = new Int32Array(shared);
  Atomics.wait(flag, 0, 0, MAX_WAIT_MILLIS);
  return Atomics.load(flag, 0) === ALL_SENT;
}
