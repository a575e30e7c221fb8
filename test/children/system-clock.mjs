/** The process's clock, for apps that hand in a clock of their own: the package does not export its own. */
export const systemClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(millis, callback, { ref = false } = {}) {
    const timer = setTimeout(callback, Math.max(millis, 0));
    if (!ref) timer.unref();
    return () => clearTimeout(timer);
  },
};
