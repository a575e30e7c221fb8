/**
 * Calls `onThrow` when one of the app's handlers of the event `uncaughtException`, which follows, throws. Node then ends
 * the process without the event `exit`. Only that one event passes through the wrapper.
 * Source: https://nodejs.org/api/process.html#exit-codes (code 7)
 */
export function watchHandlers(onThrow: () => void): void {
  const own = Object.getOwnPropertyDescriptor(process, 'emit');
  const emit = process.emit as (...args: readonly unknown[]) => boolean;
  const restore = (): void => {
    if (own === undefined) Reflect.deleteProperty(process, 'emit');
    else Object.defineProperty(process, 'emit', own);
  };
  const wrapper = (event: unknown, ...args: readonly unknown[]): boolean => {
    if (event !== 'uncaughtException') return emit.call(process, event, ...args);
    restore();
    let hasThrown = true;
    // Not `catch`: Node prints the line that throws an error, and that would be ours.
    try {
      const isHandled = emit.call(process, event, ...args);
      hasThrown = false;
      return isHandled;
    } finally {
      if (hasThrown) onThrow();
    }
  };
  Object.defineProperty(process, 'emit', { value: wrapper, configurable: true, writable: true });
}
