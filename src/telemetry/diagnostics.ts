import { type DiagLogger, diag } from '@opentelemetry/api';
import type { Clock } from '../util/clock.js';
import { whileLoggingDiag } from '../util/process-globals.js';

/** The name under which we speak through `diag`, and the scope whose records are never exported. */
export const OWN_NAMESPACE = 'opentelemetry-exporter-slack';

/** The same warning is not said again for so long. */
const QUIET_MILLIS = 10 * 60_000;
/** No more kinds of warning than this are remembered; a new one beyond it is not said. */
const MOST_KINDS = 100;

/** What of the options is the user's own code. */
export type Callback = 'filter' | 'fingerprint' | 'render' | 'redact';

/** How often each of them failed. */
export type CallbackErrors = Readonly<Partial<Record<Callback, number>>>;

/** How this package speaks to the people who run it: through `diag`, sparingly, never with a secret. */
export interface Diagnostics {
  debug(message: string): void;
  /** Says something that a person must mend; for one `kind` at most once in ten minutes. */
  warn(kind: string, message: string): void;
  /** Warns likewise of a function or a pattern of the user's that does not do what it should, and counts how often. */
  failed(callback: Callback, message: string): void;
  /** How often that was; those that never failed are left out. */
  failures(): CallbackErrors;
  /** Forgets that `kind` was said: it is over, and worth saying when it comes again. */
  mended(kind: string): void;
}

/** Makes a {@link Diagnostics}. Never throws, whatever the registered `diag` logger does. */
export function createDiagnostics(clock: Clock): Diagnostics {
  const logger = diag.createComponentLogger({ namespace: OWN_NAMESPACE });
  const saidAt = new Map<string, number>();
  const mayWarn = (kind: string): boolean => {
    const at = saidAt.get(kind);
    if (at === undefined) return saidAt.size < MOST_KINDS;
    return clock.monotonic() - at >= QUIET_MILLIS;
  };
  const warn = (kind: string, message: string): void => {
    if (!mayWarn(kind)) return;
    saidAt.set(kind, clock.monotonic());
    speak(logger, 'warn', message);
  };
  const failures: Partial<Record<Callback, number>> = {};
  return {
    debug: (message) => speak(logger, 'debug', message),
    warn,
    failed(callback, message) {
      failures[callback] = (failures[callback] ?? 0) + 1;
      warn(callback, message);
    },
    failures: () => ({ ...failures }),
    mended: (kind) => void saidAt.delete(kind),
  };
}

function speak(logger: DiagLogger, level: 'debug' | 'warn', message: string): void {
  whileLoggingDiag(() => {
    try {
      logger[level](message);
    } catch {
      // A diag logger that throws is its owner's mistake; the app must not feel it.
    }
  });
}
