// The app's own latency: how late its event loop is, and how long its own reads of a file and its own lookups take.
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { appLookup } from './preload.mjs';

const EVERY_MILLIS = 50;
const FILE = fileURLToPath(import.meta.url);

/** Measures until it is stopped. `read()` returns the longest times since the last call, in milliseconds. */
export function watchLatency() {
  const pending = new Map();
  let longest = zero();
  let dueMillis = performance.now() + EVERY_MILLIS;
  const note = (kind, millis) => {
    longest[kind] = Math.max(longest[kind], millis);
  };
  const time = async (kind, run) => {
    // One at a time: an operation that hangs must not take further threads.
    if (pending.has(kind)) return;
    const from = performance.now();
    pending.set(kind, from);
    await run();
    pending.delete(kind);
    note(kind, performance.now() - from);
  };
  const timer = setInterval(() => {
    note('loop', performance.now() - dueMillis);
    dueMillis = performance.now() + EVERY_MILLIS;
    void time('fs', () => stat(FILE));
    void time('lookup', () => new Promise((resolve) => appLookup('localhost', resolve)));
  }, EVERY_MILLIS);
  return {
    read() {
      // An operation that does not end counts with its time so far.
      for (const [kind, from] of pending) note(kind, performance.now() - from);
      const result = longest;
      longest = zero();
      return result;
    },
    stop: () => clearInterval(timer),
  };
}

function zero() {
  return { loop: 0, fs: 0, lookup: 0 };
}
