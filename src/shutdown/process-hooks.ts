import type { LastWord, LastWordResult } from '../slack/index.js';
import { guarded, processGlobal } from '../util/index.js';
import { ExitListeners } from './exit-listeners.js';
import { MAX_WAIT_MILLIS, sendLastWords } from './last-words.js';
import { watchHandlers } from './watch-handlers.js';

/** What one exporter does at the end of the process. */
export interface ProcessHooks {
  /** An uncaught error ends the process; `lastWords()` follows. */
  fatal(error: unknown, origin: string): void;
  /** Nothing asynchronous runs any more: returns the messages to send now. */
  lastWords(): readonly LastWord[];
  /** Called with the result of each of these messages. Nothing else is sent; what is pending must be saved or reported. */
  ended(results: readonly LastWordResult[]): void;
  /** Called with the reason why the messages cannot be sent. */
  warn(message: string): void;
}

interface EndOfProcess {
  readonly all: Set<ProcessHooks>;
  /** When the last words of the process must be over, in milliseconds of `performance.now()`. */
  deadlineMillis: number | undefined;
}

/** Shared by all exporters of the process, because the process waits two seconds for all of them together. */
const end: EndOfProcess = processGlobal('end-of-process/1', () => ({ all: new Set(), deadlineMillis: undefined }));

const listeners = new ExitListeners({ onUncaught, onEnd: () => endAll([...end.all]) });

/**
 * Calls the hooks when the process ends, until the returned function is called. Installs no handler for uncaught
 * exceptions or rejections, because a handler would keep a process alive that must end. All exporters of a process share
 * the listeners.
 * Source: https://nodejs.org/api/process.html#event-uncaughtexceptionmonitor
 */
export function installProcessHooks(hooks: ProcessHooks): () => void {
  end.all.add(hooks);
  listeners.install();
  return () => {
    end.all.delete(hooks);
    if (end.all.size === 0) listeners.remove();
  };
}

/** Whether the last words of the process are over. A record that comes later needs {@link endAgain}. */
export function isOver(): boolean {
  return end.deadlineMillis !== undefined;
}

/** Sends or saves records that an `exit` handler logged after the last words. */
export function endAgain(hooks: ProcessHooks): void {
  if (end.all.has(hooks)) endAll([hooks]);
}

function endAll(all: readonly ProcessHooks[]): void {
  end.deadlineMillis ??= performance.now() + MAX_WAIT_MILLIS;
  const said = all.map((hooks) => ({ hooks, words: guarded(() => hooks.lastWords()) ?? [] }));
  const warn = (message: string): void => all[0]?.warn(message);
  const options = { waitMillis: end.deadlineMillis - performance.now(), warn };
  const results = sendLastWords(
    said.flatMap(({ words }) => words),
    options,
  );
  let from = 0;
  for (const { hooks, words } of said) {
    guarded(() => hooks.ended(results.slice(from, from + words.length)));
    from += words.length;
  }
}

/** The monitor also receives errors that the app handles. They do not end the process, and the app logs them itself. */
function onUncaught(error: unknown, origin: string): void {
  const report = (): void => {
    for (const hooks of end.all) guarded(() => hooks.fatal(error, origin));
  };
  if (process.hasUncaughtExceptionCaptureCallback()) return;
  if (process.listenerCount('uncaughtException') === 0) {
    report();
    listeners.endsByError();
  } else {
    watchHandlers(() => {
      report();
      endAll([...end.all]);
    });
  }
}
