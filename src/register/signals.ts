import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { RegisteredProvider } from './provider.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The exit code of a shell for a process that a signal ended is this and the number of the signal. */
const SIGNAL_EXIT_CODE = 128;

/**
 * Delivers what is pending when the process has nothing more to do, and shuts the provider down when it receives a signal.
 * The process then ends as it would without this package: with its own exit code, or by the signal. The returned function
 * undoes it.
 */
export function shutDownWithProcess(provider: RegisteredProvider): () => void {
  const undoIdle = flushWhenIdle(provider);
  // Only the main thread receives signals.
  const undoSignals = isMainThread ? listenToSignals(provider) : () => {};
  return () => {
    undoIdle();
    undoSignals();
  };
}

/**
 * Flushes, and does not shut down: other listeners of `beforeExit` may schedule work, which logs later. Node emits the event
 * again after each flush, so a flush without a new record is the last one.
 */
function flushWhenIdle(provider: RegisteredProvider): () => void {
  let flushedAt = -1;
  const onIdle = (): void => {
    const records = provider.emitted();
    if (records === flushedAt) return;
    flushedAt = records;
    void provider.forceFlush();
  };
  process.on('beforeExit', onIdle);
  return () => void process.off('beforeExit', onIdle);
}

function listenToSignals(provider: RegisteredProvider): () => void {
  let isEnding = false;
  const listeners = SIGNALS.map((signal) => ({ signal, listener: () => onSignal(signal) }));
  const stop = (): void => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
  const end = (signal: NodeJS.Signals): void => {
    stop();
    // Without a listener the signal has its default effect. Linux has none for the first process of a container.
    if (process.pid === 1) process.exit(SIGNAL_EXIT_CODE + constants.signals[signal]);
    process.kill(process.pid, signal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    // The app has its own handler: it decides when it ends, and may log more until then.
    if (process.listenerCount(signal) - signalExitListeners() > 1) void provider.forceFlush();
    // A second signal, of either kind, means that somebody does not want to wait.
    else if (isEnding) end(signal);
    else {
      isEnding = true;
      void provider.shutdown().then(() => end(signal));
    }
  };
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return stop;
}

/**
 * Returns the number of listeners of the package signal-exit, which many packages use. They are no handlers of the app:
 * like the listener here, they wait until all others are gone, so two that count each other would wait for ever.
 */
function signalExitListeners(): number {
  const { [SIGNAL_EXIT_4]: four } = globalThis as { [SIGNAL_EXIT_4]?: { readonly count?: number } };
  const { [SIGNAL_EXIT_3]: three } = process as { [SIGNAL_EXIT_3]?: { readonly count?: number } };
  return (four?.count ?? 0) + (three?.count ?? 0);
}

/** The globals in which versions 4 and 3 store the number of their copies. Each copy has one listener. */
const SIGNAL_EXIT_4 = Symbol.for('signal-exit emitter');
const SIGNAL_EXIT_3 = '__signal_exit_emitter__';
