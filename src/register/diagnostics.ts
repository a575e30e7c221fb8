import { type DiagAPI, type DiagLogFunction, type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import type { Environment } from '../config/index.js';
import { type App, copiesOfApi } from './modules.js';

const API_KEY = Symbol.for('opentelemetry.js.api.1');

/**
 * Writes `diag` messages to stderr, from OTEL_LOG_LEVEL on (default: WARN). Without it, nobody would see why no message
 * arrives. It does not use `console`, because that is bridged. A diag logger of the app replaces it without a warning.
 */
export function showDiagnostics(app: App, environment: Environment): void {
  const { diag: registered } = (globalThis as { [API_KEY]?: { readonly diag?: unknown } })[API_KEY] ?? {};
  if (registered !== undefined) return;
  diag.setLogger(stderrLogger, levelOf(environment.OTEL_LOG_LEVEL));
  // Otherwise the API would warn the app that it replaces a logger, which the app has never set.
  const copies = new Set([diag, ...copiesOfApi(app).flatMap(({ diag }) => (diag ? [diag as DiagAPI] : []))]);
  const originals = [...copies].map((copy) => ({ copy, setLogger: copy.setLogger }));
  for (const { copy, setLogger } of originals) {
    copy.setLogger = ((...args: Parameters<typeof setLogger>) => {
      for (const each of originals) each.copy.setLogger = each.setLogger;
      diag.disable();
      return setLogger(...args);
    }) as typeof setLogger;
  }
}

function levelOf(text: string | undefined): DiagLogLevel {
  const level = DiagLogLevel[text?.trim().toUpperCase() as keyof typeof DiagLogLevel];
  return level ?? DiagLogLevel.WARN;
}

const write: DiagLogFunction = (...args) => {
  try {
    process.stderr.write(`${args.map((argument) => String(argument)).join(' ')}\n`);
  } catch {
    // stderr may be closed.
  }
};

const stderrLogger: DiagLogger = { error: write, warn: write, info: write, debug: write, verbose: write };
