import { Worker } from 'node:worker_threads';
import type { LastWord } from '../slack/index.js';
import { lastWordsSource } from './last-words-source.js';

/** How long a process that ends waits for its last words to be sent, in milliseconds. */
const MAX_WAIT_MILLIS = 2_000;

/** The thread's result when Slack has confirmed all messages; see last-words-worker.ts. */
const ALL_SENT = 2;

/**
 * Sends messages while the process ends, when nothing asynchronous runs in it any more. Starts a thread for that, and
 * blocks for at most two seconds. Returns whether Slack has confirmed all messages. When Node starts no thread, `warn`
 * gets the reason, and nothing waits.
 */
export function sendLastWords(words: readonly LastWord[], warn: (message: string) => void): boolean {
  if (words.length === 0) return false;
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  try {
    startThread(words, flag);
  } catch (error) {
    warn(reasonOf(error));
    return false;
  }
  Atomics.wait(flag, 0, 0, MAX_WAIT_MILLIS);
  return Atomics.load(flag, 0) === ALL_SENT;
}

function startThread(words: readonly LastWord[], flag: Int32Array): void {
  // Without the app's `--import` and NODE_OPTIONS, which would run its setup again in the thread. The output of the
  // thread is discarded, so that the output of the process does not change.
  const env = { ...process.env };
  delete env.NODE_OPTIONS;
  const workerData = { words, flag };
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
}

/** Source: https://nodejs.org/api/permissions.html (ERR_ACCESS_DENIED) */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ERR_ACCESS_DENIED' ? 'Node runs with --permission; add --allow-worker, or set the option spool' : message;
  return `the last words cannot be sent, because no thread can be started: ${reason}`;
}
