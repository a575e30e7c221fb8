/** How a function of the user's is called, which may do anything. */

/** Where a promise comes back that nobody awaits: its rejection must not end the app. Gives back what it got. */
export function ignoreRejection<T>(returned: T): T {
  if (returned instanceof Promise) returned.catch(() => {});
  return returned;
}

/** What of a stranger's error may be said: its class, not its message, which may hold anything. */
export function errorClassOf(error: unknown): string {
  return error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : typeof error;
}
