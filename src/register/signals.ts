import { isMainThread } from 'node:worker_threads';
import type { RegisteredProvider } from './provider.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Delivers what is left when the process has nothing more to do or is told to end; then it ends as it would have ended
 * without us: with its own exit code, or by the signal. Gives what takes it back.
 */
export function endWithProcess(provider: RegisteredProvider): () => void {
  const onIdle = (): void => void provider.shutdown();
  process.once('beforeExit', onIdle);
  // Signals are the main thread's.
  const undo = isMainThread ? SIGNALS.map((signal) => listenTo(signal, provider)) : [];
  return () => {
    process.off('beforeExit', onIdle);
    for (const each of undo) each();
  };
}

function listenTo(signal: NodeJS.Signals, provider: RegisteredProvider): () => void {
  let isAskedBefore = false;
  const stop = (): void => void process.off(signal, onSignal);
  const end = (): void => {
    stop();
    // Without a listener the signal does what it does by default.
    process.kill(process.pid, signal);
  };
  const onSignal = (): void => {
    // The app decides when it ends, and may have more to say until then.
    if (process.listenerCount(signal) - onlookers() > 1) {
      void provider.forceFlush();
      return;
    }
    // Whoever asks twice does not want to wait.
    if (isAskedBefore) end();
    else void provider.shutdown().then(end);
    isAskedBefore = true;
  };
  process.on(signal, onSignal);
  return stop;
}

/**
 * How many listeners there are of the package signal-exit, which half of npm uses. They wait, as ours does, for the others
 * to be gone, so that whoever counts them as handlers waits for ever.
 */
function onlookers(): number {
  const { [SIGNAL_EXIT_4]: four } = globalThis as { [SIGNAL_EXIT_4]?: { readonly count?: number } };
  const { [SIGNAL_EXIT_3]: three } = process as { [SIGNAL_EXIT_3]?: { readonly count?: number } };
  return (four?.count ?? 0) + (three?.count ?? 0);
}

/** Where its versions keep the number of their copies, each of which listens once. */
const SIGNAL_EXIT_4 = Symbol.for('signal-exit emitter');
const SIGNAL_EXIT_3 = '__signal_exit_emitter__';
