import { type DiagLogFunction, type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Environment } from '../env.js';

const API_KEY = Symbol.for('opentelemetry.js.api.1');

/**
 * Shows what OpenTelemetry and we say through `diag` on stderr, from OTEL_LOG_LEVEL on, which is WARN when it is not set:
 * nobody would see otherwise why nothing arrives. Not through `console`, which is bridged. The app's own logger replaces
 * it without a word.
 */
export function showDiagnostics(environment: Environment): void {
  const { diag: registered } = (globalThis as { [API_KEY]?: { readonly diag?: unknown } })[API_KEY] ?? {};
  if (registered !== undefined) return;
  const setLogger = diag.setLogger;
  diag.setLogger(stderrLogger, levelOf(environment.OTEL_LOG_LEVEL));
  // The API would warn the app of a logger of which it does not know.
  diag.setLogger = ((...args: Parameters<typeof setLogger>) => {
    diag.setLogger = setLogger;
    diag.disable();
    return setLogger(...args);
  }) as typeof setLogger;
}

function levelOf(text: string | undefined): DiagLogLevel {
  const level = DiagLogLevel[text?.trim().toUpperCase() as keyof typeof DiagLogLevel];
  return level ?? DiagLogLevel.WARN;
}

const write: DiagLogFunction = (...args) => {
  try {
    process.stderr.write(`${args.map((argument) => String(argument)).join(' ')}\n`);
  } catch {
    // Nobody listens.
  }
};

const stderrLogger: DiagLogger = { error: write, warn: write, info: write, debug: write, verbose: write };
