import { type DiagLogger, diag } from '@opentelemetry/api';
import { type Clock, printableLine, whileLoggingDiag } from '../util/index.js';

/** The namespace of our `diag` lines, and the instrumentation scope whose records are never exported. */
export const OWN_NAMESPACE = 'opentelemetry-exporter-slack';

/** A warning is not logged again within this time. */
const QUIET_MILLIS = 10 * 60_000;
/** The largest number of kinds of warnings that are remembered. Further kinds are not logged. */
const MAX_KINDS = 100;

/** The options that are the user's own code. */
export type Callback = 'filter' | 'fingerprint' | 'render' | 'redact';

/** The number of failures of each callback. */
export type CallbackErrors = Readonly<Partial<Record<Callback, number>>>;

/** Logs to the operator through `diag`: each warning rarely, and never a secret. */
export interface Diagnostics {
  debug(message: string): void;
  /** Logs a problem that a person must fix, at most once in ten minutes for one `kind`. */
  warn(kind: string, message: string): void;
  /** Counts a failure of a user's function or pattern, and warns like `warn`. */
  failed(callback: Callback, message: string): void;
  /** Returns the number of failures of each callback. A callback that never failed is absent. */
  failures(): CallbackErrors;
  /** The problem of that `kind` is over: when it comes back, the next warning is logged at once. */
  resolved(kind: string): void;
}

/** Creates a {@link Diagnostics}. Its methods never throw, whatever the registered `diag` logger does. */
export function createDiagnostics(clock: Clock): Diagnostics {
  const logger = diag.createComponentLogger({ namespace: OWN_NAMESPACE });
  const warnedAt = new Map<string, number>();
  const mayWarn = (kind: string): boolean => {
    const warnedAtMillis = warnedAt.get(kind);
    if (warnedAtMillis === undefined) return warnedAt.size < MAX_KINDS;
    return clock.monotonic() - warnedAtMillis >= QUIET_MILLIS;
  };
  const warn = (kind: string, message: string): void => {
    if (!mayWarn(kind)) return;
    warnedAt.set(kind, clock.monotonic());
    log(logger, 'warn', message);
  };
  const failures: Partial<Record<Callback, number>> = {};
  return {
    debug: (message) => log(logger, 'debug', message),
    warn,
    failed(callback, message) {
      failures[callback] = (failures[callback] ?? 0) + 1;
      warn(callback, message);
    },
    failures: () => ({ ...failures }),
    resolved: (kind) => void warnedAt.delete(kind),
  };
}

function log(logger: DiagLogger, level: 'debug' | 'warn', message: string): void {
  whileLoggingDiag(() => {
    try {
      // A message may quote a value of the environment, a file or Slack, and diag often writes to a terminal.
      logger[level](printableLine(message));
    } catch {
      // A failing diag logger must not harm the app.
    }
  });
}
