import { guarded } from '../util/guarded.js';
import { processGlobal } from '../util/process-globals.js';

/** What wants to know that the process ends. */
export interface ProcessHooks {
  /** An error that nobody handles ends the process; `exited()` follows. */
  fatal(error: unknown, origin: string): void;
  /** The process is over: nothing asynchronous happens any more. */
  exited(): void;
}

interface InstalledHooks {
  readonly all: Set<ProcessHooks>;
  isListening: boolean;
}

const installed: InstalledHooks = processGlobal('installed/1', () => ({
  all: new Set<ProcessHooks>(),
  isListening: false,
}));

/**
 * Is told how the process ends, until the returned function is called. It only looks on: no handler for uncaught
 * exceptions or rejections is ever installed, because one would keep alive a process that has to end. However many
 * exporters there are, the process has two listeners of ours.
 * Source: https://nodejs.org/api/process.html#event-uncaughtexceptionmonitor
 */
export function installProcessHooks(hooks: ProcessHooks): () => void {
  installed.all.add(hooks);
  if (!installed.isListening) {
    installed.isListening = true;
    process.on('uncaughtExceptionMonitor', onUncaught);
    process.on('exit', onExit);
  }
  return () => {
    installed.all.delete(hooks);
    if (installed.all.size > 0 || !installed.isListening) return;
    installed.isListening = false;
    process.off('uncaughtExceptionMonitor', onUncaught);
    process.off('exit', onExit);
  };
}

/** The monitor is told also of what the app handles; that does not end the process, and is the app's own to log. */
function onUncaught(error: unknown, origin: string): void {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  for (const hooks of installed.all) guarded(() => hooks.fatal(error, origin));
}

function onExit(): void {
  for (const hooks of installed.all) guarded(() => hooks.exited());
}
