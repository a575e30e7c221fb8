import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { guarded } from '../../util/index.js';

/** How long a process that ends may be held by a disk that hangs. With the time of `diskAnswers()` this is two seconds. */
const MAX_HELD_MILLIS = 500;

/**
 * Ends a process that has called `process.exit()` while a disk operation of this package hangs. Node.js waits for the thread
 * of that operation, which may take hours, and has no way to leave without it. So another process waits a moment, and then
 * sends SIGKILL. It does nothing when this process has ended: then its standard input is closed.
 */
export function endDespiteHangingDisk(): void {
  // Only the executable of Node.js takes a script; another one would start the app again.
  if (!isMainThread || !/^node(js)?(\.exe)?$/i.test(basename(process.execPath))) return;
  const source = `process.stdin.on('end', () => process.exit()).resume();
setTimeout(() => { try { process.kill(${process.pid}, 'SIGKILL'); } finally { process.exit(); } }, ${MAX_HELD_MILLIS});`;
  guarded(() => {
    const child = spawn(process.execPath, ['-e', source], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
      env: {},
    });
    child.on('error', () => {});
    child.unref();
  });
}
