/**
 * State of which a process may have only one, however many copies of this package it has loaded (ESM beside CommonJS,
 * two versions): Slack counts requests by channel and token, not by copy. So it hangs on `globalThis`.
 */
const KEY = Symbol.for('opentelemetry-exporter-slack/process-wide/1');

interface ProcessWide {
  /** True while one of ours calls `diag`: what a logger behind `diag` emits then must not come back to us. */
  speaking: boolean;
  /** Named stores, each made by its owner (see pace.ts). */
  readonly stores: Map<string, unknown>;
}

function processWide(): ProcessWide {
  const holder = globalThis as { [KEY]?: ProcessWide };
  holder[KEY] ??= { speaking: false, stores: new Map() };
  return holder[KEY];
}

const state: ProcessWide = processWide();

/** The process's one store of that name. */
export function processGlobal<T>(name: string, create: () => T): T {
  if (!state.stores.has(name)) state.stores.set(name, create());
  return state.stores.get(name) as T;
}

/** Whether one of ours is calling `diag` at this moment. */
export function isLoggingDiag(): boolean {
  return state.speaking;
}

/** Runs `speak` so that whatever is logged inside is known to be our own. */
export function whileLoggingDiag(speak: () => void): void {
  const before = state.speaking;
  state.speaking = true;
  try {
    speak();
  } finally {
    state.speaking = before;
  }
}
