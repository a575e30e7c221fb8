import { type DiagLogger, diag } from '@opentelemetry/api';
import { asOwnWork, type Clock, countedOf, printableLine } from '../util/index.js';

/** The namespace of our `diag` lines, and the instrumentation scope whose records are never exported. */
export const OWN_NAMESPACE = 'opentelemetry-exporter-slack';

/** A warning is not logged again within this time. */
const QUIET_MILLIS = 10 * 60_000;
/** The largest number of kinds of warnings that are remembered. Warnings of further kinds are counted. */
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
  /**
   * Logs in one sentence how many warnings were not logged, because there were too many kinds of them. Call it at the end.
   * @param dropped - the dropped records of all destinations
   */
  summarize(dropped: number): void;
}

/** Creates a {@link Diagnostics}. Its methods never throw, whatever the registered `diag` logger does. */
export function createDiagnostics(clock: Clock): Diagnostics {
  const logger = diag.createComponentLogger({ namespace: OWN_NAMESPACE });
  const warnedAt = new Map<string, number>();
  let overflow = 0;
  const warn = (kind: string, message: string): void => {
    const nowMillis = clock.monotonic();
    const warnedAtMillis = warnedAt.get(kind);
    if (warnedAtMillis !== undefined && nowMillis - warnedAtMillis < QUIET_MILLIS) return;
    if (warnedAtMillis === undefined && warnedAt.size >= MAX_KINDS) forgetOld(warnedAt, nowMillis);
    if (warnedAtMillis === undefined && warnedAt.size >= MAX_KINDS) overflow++;
    else {
      warnedAt.set(kind, nowMillis);
      log(logger, 'warn', message);
    }
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
    summarize(dropped) {
      if (overflow === 0) return;
      const warnings = countedOf(overflow, 'more warning');
      overflow = 0;
      const records = countedOf(dropped, 'record');
      log(logger, 'warn', `${warnings} like the ${MAX_KINDS} above; dropped in total, at all destinations: ${records}`);
    },
  };
}

/** Forgets the kinds that may be logged again. */
function forgetOld(warnedAt: Map<string, number>, nowMillis: number): void {
  for (const [kind, atMillis] of warnedAt) if (nowMillis - atMillis >= QUIET_MILLIS) warnedAt.delete(kind);
}

function log(logger: DiagLogger, level: 'debug' | 'warn', message: string): void {
  asOwnWork(() => {
    try {
      // A message may quote a value of the environment, a file or Slack, and diag often writes to a terminal.
      logger[level](printableLine(message));
    } catch {
      // A failing diag logger must not harm the app.
    }
  });
}
