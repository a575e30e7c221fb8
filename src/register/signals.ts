import { isMainThread } from 'node:worker_threads';
import type { RegisteredProvider } from './provider.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Shuts the provider down when the process has nothing more to do or receives a signal. The process then ends as it would
 * without this package: with its own exit code, or by the signal. The returned function undoes it.
 */
export function shutDownWithProcess(provider: RegisteredProvider): () => void {
  const onIdle = (): void => void provider.shutdown();
  process.once('beforeExit', onIdle);
  // Only the main thread receives signals.
  const undo = isMainThread ? SIGNALS.map((signal) => listenTo(signal, provider)) : [];
  return () => {
    process.off('beforeExit', onIdle);
    for (const each of undo) each();
  };
}

function listenTo(signal: NodeJS.Signals, provider: RegisteredProvider): () => void {
  let isSecondSignal = false;
  const stop = (): void => void process.off(signal, onSignal);
  const end = (): void => {
    stop();
    // Without a listener the signal has its default effect.
    process.kill(process.pid, signal);
  };
  const onSignal = (): void => {
    // The app has its own handler: it decides when it ends, and may log more until then.
    if (process.listenerCount(signal) - signalExitListeners() > 1) {
      void provider.forceFlush();
      return;
    }
    // A person who sends the signal twice does not want to wait.
    if (isSecondSignal) end();
    else void provider.shutdown().then(end);
    isSecondSignal = true;
  };
  process.on(signal, onSignal);
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
