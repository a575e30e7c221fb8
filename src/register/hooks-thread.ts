import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const KEY = 'opentelemetry-exporter-slack/hooks-thread';

/** Runs what makes Node start the thread in which loader hooks run, so that {@link isHooksThread} is true in there. */
export function inHooksThread(start: () => void): void {
  // A thread gets what stands here when it is made, and `register()` of node:module makes it before it returns.
  setEnvironmentData(KEY, true);
  try {
    start();
  } finally {
    setEnvironmentData(KEY, false);
  }
}

/** Whether this is that thread: with `--require` Node loads us once more in there, where no app is. */
export function isHooksThread(): boolean {
  return getEnvironmentData(KEY) === true;
}
