/** The waiters of each promise. A waiter can be removed; a reaction of `then()` or `Promise.race()` lives as long as its promise. */
const waiters = new WeakMap<PromiseLike<unknown>, Set<() => void>>();

/**
 * Calls `callback` once the promise has settled, unless the returned function is called before. Use it for a promise that
 * may be pending for long: thousands of removed waiters leave nothing behind.
 */
export function whenSettled(promise: PromiseLike<unknown>, callback: () => void): () => void {
  const known = waiters.get(promise);
  const set = known ?? new Set<() => void>();
  set.add(callback);
  if (known === undefined) {
    waiters.set(promise, set);
    const settle = (): void => {
      waiters.delete(promise);
      for (const each of set) each();
    };
    promise.then(settle, settle);
  }
  return () => set.delete(callback);
}
