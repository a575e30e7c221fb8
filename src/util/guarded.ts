/** Returns the result of `run`, or `undefined` when it throws. For calls that may reach code of the app. */
export function guarded<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
