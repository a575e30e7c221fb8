import { processWideStore } from '../util/process-globals.js';

/** What wants to know that the process ends. */
export interface Ending {
  /** An error that nobody handles ends the process; `exited()` follows. */
  fatal(error: unknown, origin: string): void;
  /** The process is over: nothing asynchronous happens any more. */
  exited(): void;
}

interface Endings {
  readonly all: Set<Ending>;
  isListening: boolean;
}

const endings: Endings = processWideStore('endings/1', () => ({ all: new Set<Ending>(), isListening: false }));

/**
 * Is told how the process ends, until the returned function is called. It only looks on: no handler for uncaught
 * exceptions or rejections is ever installed, because one would keep alive a process that has to end. However many
 * exporters there are, the process has two listeners of ours.
 * Source: https://nodejs.org/api/process.html#event-uncaughtexceptionmonitor
 */
export function watchEnding(ending: Ending): () => void {
  endings.all.add(ending);
  if (!endings.isListening) {
    endings.isListening = true;
    process.on('uncaughtExceptionMonitor', onUncaught);
    process.on('exit', onExit);
  }
  return () => {
    endings.all.delete(ending);
    if (endings.all.size > 0 || !endings.isListening) return;
    endings.isListening = false;
    process.off('uncaughtExceptionMonitor', onUncaught);
    process.off('exit', onExit);
  };
}

/** The monitor is told also of what the app handles; that does not end the process, and is the app's own to log. */
function onUncaught(error: unknown, origin: string): void {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  for (const ending of endings.all) guarded(() => ending.fatal(error, origin));
}

function onExit(): void {
  for (const ending of endings.all) guarded(() => ending.exited());
}

/** Whatever we do at the end, the app's own error is what counts. */
function guarded(run: () => void): void {
  try {
    run();
  } catch {
    // There is nobody left to tell.
  }
}
