import { guarded, processGlobal } from '../util/index.js';

/** Callbacks for the end of the process. */
export interface ProcessHooks {
  /** An uncaught error ends the process; `exited()` follows. */
  fatal(error: unknown, origin: string): void;
  /** The process is in its `exit` event: nothing asynchronous runs any more. */
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
 * Calls the hooks when the process ends, until the returned function is called. Installs no handler for uncaught
 * exceptions or rejections, because a handler would keep a process alive that must end. All exporters of a process share
 * two listeners.
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

/** The monitor also receives errors that the app handles. They do not end the process, and the app logs them itself. */
function onUncaught(error: unknown, origin: string): void {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  for (const hooks of installed.all) guarded(() => hooks.fatal(error, origin));
}

function onExit(): void {
  for (const hooks of installed.all) guarded(() => hooks.exited());
}
