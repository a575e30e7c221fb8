import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LastWord } from '../slack/types.js';

/** CommonJS in both builds, because only there a file knows where it stands. */
const WORKER = join(__dirname, 'last-words-worker.js');

/** How long a process that ends waits for its last words to be sent, in milliseconds. */
const LONGEST_WAIT_MILLIS = 2_000;

/** What the thread says when Slack has confirmed everything; see last-words-worker.ts. */
const ALL_SENT = 2;

/**
 * Sends messages while the process ends, when nothing asynchronous happens in it any more: from a thread of its own,
 * which is made now and not before, for at most two seconds. Whether Slack has confirmed all of them.
 */
export function sendLastWords(words: readonly LastWord[]): boolean {
  if (words.length === 0) return false;
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const workerData = { words, shared };
  // Neither the app's `--import` nor its NODE_OPTIONS: they would run the app's set-up once more, in here. No output:
  // what the process prints is as without us.
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const worker = new Worker(WORKER, { workerData, execArgv: [], env, stdout: true, stderr: true });
  worker.on('error', () => {});
  worker.unref();
  const flag = new Int32Array(shared);
  Atomics.wait(flag, 0, 0, LONGEST_WAIT_MILLIS);
  return Atomics.load(flag, 0) === ALL_SENT;
}
