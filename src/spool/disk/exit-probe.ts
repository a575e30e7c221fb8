import { Worker } from 'node:worker_threads';
import { type DiskQueue, processDiskQueue } from './disk-queue.js';
import { endDespiteHangingDisk } from './exit-watch.js';

/** A thread that has started gets this long for its operations. */
const MAX_ANSWER_MILLIS = 1_200;
/** Without a thread in this time, the machine is busy, which tells nothing about the disk. */
const MAX_START_MILLIS = 1_000;

const STARTED = 1;
const ANSWERED = 2;

/** Does what the end of a spool does: creates, writes, syncs and removes a file. An error is an answer too. */
const SOURCE = `
const { closeSync, fsyncSync, openSync, unlinkSync, writeSync } = require('node:fs');
const { flag, path } = require('node:worker_threads').workerData;
const tell = (state) => { Atomics.store(flag, 0, state); Atomics.notify(flag, 0); };
tell(${STARTED});
try {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, '\\n');
    fsyncSync(file);
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
} catch {}
tell(${ANSWERED});
`;

/**
 * Finds out whether the disk hangs, at the end of a process. If so, no operation is started any more, and the process ends
 * despite the running one.
 * @param path - a new file in the directory
 */
export function leaveHangingDisk(queue: DiskQueue, path: string): void {
  // Other files than this machine's do not block the process.
  if (queue.isHanging || queue !== processDiskQueue()) return;
  if (diskAnswers(path)) {
    queue.trust();
    return;
  }
  queue.giveUp();
  endDespiteHangingDisk();
}

/**
 * Returns whether the disk answers, at the end of a process. A synchronous call on a disk that hangs blocks for ever, so a
 * thread tries the disk first. Returns true when no thread can be started.
 */
function diskAnswers(path: string): boolean {
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  try {
    const options = { eval: true, workerData: { flag, path }, execArgv: [], stdout: true, stderr: true };
    const worker = new Worker(SOURCE, { ...options, env: {} });
    worker.on('error', () => {});
    worker.unref();
  } catch {
    return true;
  }
  Atomics.wait(flag, 0, 0, MAX_START_MILLIS);
  if (Atomics.load(flag, 0) === 0) return true;
  Atomics.wait(flag, 0, STARTED, MAX_ANSWER_MILLIS);
  return Atomics.load(flag, 0) === ANSWERED;
}
