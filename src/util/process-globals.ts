/**
 * The key on `globalThis` of state that all copies of this package in a process share. A process may load several
 * copies (ESM and CommonJS, or two versions), but Slack's rate limits hold for a channel and a token, not for a copy.
 */
const KEY = Symbol.for('opentelemetry-exporter-slack/process-wide/2');

interface SharedState {
  /**
   * True while a copy of this package runs. Code of the app that runs then is a callback, a getter, `toJSON()` or the `diag`
   * logger. A record that it emits is never exported, because its own record would emit the next one, for ever.
   */
  isOwnWork: boolean;
  /** Stores by name. The module that uses a store creates it (see deliver/rate-limiter.ts). */
  readonly stores: Map<string, unknown>;
}

function sharedState(): SharedState {
  const holder = globalThis as { [KEY]?: SharedState };
  holder[KEY] ??= { isOwnWork: false, stores: new Map() };
  return holder[KEY];
}

const state: SharedState = sharedState();

/** Returns the store of this process with that name. `create` makes it at the first call. */
export function processGlobal<T>(name: string, create: () => T): T {
  if (!state.stores.has(name)) state.stores.set(name, create());
  return state.stores.get(name) as T;
}

/** Whether a copy of this package is running, up the stack. */
export function isOwnWork(): boolean {
  return state.isOwnWork;
}

/** Runs `work` while {@link isOwnWork} returns true. */
export function asOwnWork<T>(work: () => T): T {
  const before = state.isOwnWork;
  state.isOwnWork = true;
  try {
    return work();
  } finally {
    state.isOwnWork = before;
  }
}
