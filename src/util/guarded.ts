/** Calls something that may be the app's own code; `undefined` when it throws. */
export function guarded<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
