import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const KEY = 'opentelemetry-exporter-slack/hooks-thread';

/** Runs a function that makes Node.js start its thread for loader hooks, so that {@link isHooksThread} is true in it. */
export function inHooksThread(start: () => void): void {
  // A new thread receives a copy of this data, and `register()` of node:module creates the thread before it returns.
  setEnvironmentData(KEY, true);
  try {
    start();
  } finally {
    setEnvironmentData(KEY, false);
  }
}

/** Whether this is the thread for loader hooks. With `--require`, Node.js loads this package there too, without the app. */
export function isHooksThread(): boolean {
  return getEnvironmentData(KEY) === true;
}
