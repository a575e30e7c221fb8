/**
 * The key on `globalThis` of state that all copies of this package in a process share. A process may load several
 * copies (ESM and CommonJS, or two versions), but Slack's rate limits hold for a channel and a token, not for a copy.
 */
const KEY = Symbol.for('opentelemetry-exporter-slack/process-wide/1');

interface SharedState {
  /** True while a copy of this package calls `diag`. A record that the `diag` logger emits then is never exported. */
  isLoggingDiag: boolean;
  /** Stores by name. The module that uses a store creates it (see deliver/rate-limiter.ts). */
  readonly stores: Map<string, unknown>;
}

function sharedState(): SharedState {
  const holder = globalThis as { [KEY]?: SharedState };
  holder[KEY] ??= { isLoggingDiag: false, stores: new Map() };
  return holder[KEY];
}

const state: SharedState = sharedState();

/** Returns the store of this process with that name. `create` makes it at the first call. */
export function processGlobal<T>(name: string, create: () => T): T {
  if (!state.stores.has(name)) state.stores.set(name, create());
  return state.stores.get(name) as T;
}

/** Whether a copy of this package is calling `diag` now. */
export function isLoggingDiag(): boolean {
  return state.isLoggingDiag;
}

/** Runs `log` while {@link isLoggingDiag} returns true. */
export function whileLoggingDiag(log: () => void): void {
  const before = state.isLoggingDiag;
  state.isLoggingDiag = true;
  try {
    log();
  } finally {
    state.isLoggingDiag = before;
  }
}
