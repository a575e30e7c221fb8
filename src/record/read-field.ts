/**
 * Reads a field of the app's object, behind which a getter may throw: `undefined` then. Without a closure, which would
 * cost more than the read.
 */
export function readField<T extends object, K extends keyof T>(owner: T | undefined, key: K): T[K] | undefined {
  try {
    return owner?.[key];
  } catch {
    return undefined;
  }
}
