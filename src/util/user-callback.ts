/** Helpers for calls of the user's functions, which may return or throw anything. */

/**
 * Returns its argument. When that is a promise, ignores its rejection: a callback should return no promise, nobody
 * awaits one, and an unhandled rejection would end the app.
 */
export function ignoreRejection<T>(returned: T): T {
  if (returned instanceof Promise) returned.catch(() => {});
  return returned;
}

/** Returns the class of an error for a log line. The message of an error is never logged: it may hold a secret. */
export function errorClassOf(error: unknown): string {
  return error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : typeof error;
}
