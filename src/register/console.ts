import { format } from 'node:util';
import type { Environment } from '../config/env.js';
import type { SdkLogger } from '../gate/sdk-logs.cjs';
import { exceptionAttributes } from '../record/fatal-record.js';
import { instrumentationOf, isWanted } from './loggers.js';
import type { App } from './modules.js';
import type { RegisteredProvider } from './provider.js';

const SCOPE = 'console';
const OFFICIAL = {
  name: 'console',
  bridge: '@opentelemetry/instrumentation-console',
  exports: 'ConsoleInstrumentation',
};

/** What is bridged of `console`. The rest is no error, and Slack is no place for it. */
const METHODS = {
  error: { severityNumber: 17, severityText: 'ERROR' },
  warn: { severityNumber: 13, severityText: 'WARN' },
};

/** What the console's bridge needs. */
export interface ConsoleBridge {
  readonly app: App;
  readonly provider: RegisteredProvider;
  readonly environment: Environment;
}

/**
 * Lets `console.error` and `console.warn` be records as well: by OpenTelemetry's own instrumentation where the app has it,
 * else by ours. For apps without a logger, and for what Express says of errors that nobody handles, there is nothing else.
 */
export function bridgeConsole({ app, provider, environment }: ConsoleBridge): () => void {
  if (!isWanted(OFFICIAL.name, environment)) return () => {};
  const official = instrumentationOf(app, OFFICIAL);
  if (official !== undefined) {
    official.setLoggerProvider?.(provider);
    return () => official.disable();
  }
  return wrapConsole(globalThis.console, provider.getLogger(SCOPE));
}

/** Ours: an error stays an error, with its stack and its causes. Gives what takes it back. */
export function wrapConsole(target: Console, logger: SdkLogger): () => void {
  let isEmitting = false;
  const emit = (severity: object, args: readonly unknown[]): void => {
    // What is written while we emit is no record, and console.trace() goes through console.error().
    if (isEmitting || isTrace(args)) return;
    isEmitting = true;
    try {
      logger.emit({ ...severity, ...readArguments(args) });
    } catch {
      // The app has its line on the console, and that is what it asked for.
    } finally {
      isEmitting = false;
    }
  };
  const restores = Object.entries(METHODS).map(([method, severity]) =>
    replace(target, method as keyof typeof METHODS, (original) => (...args) => {
      original.apply(target, args);
      emit(severity, args);
    }),
  );
  return () => {
    for (const restore of restores) restore();
  };
}

type Write = (...args: unknown[]) => void;

function replace(target: Console, method: keyof typeof METHODS, wrap: (original: Write) => Write): () => void {
  const original = target[method] as Write;
  const replacement = wrap(original);
  target[method] = replacement;
  return () => {
    // Somebody may have wrapped it once more; then ours has to stay.
    if (target[method] === replacement) target[method] = original;
  };
}

/** The one text of console.trace(). */
function isTrace([text, ...others]: readonly unknown[]): boolean {
  return others.length === 0 && typeof text === 'string' && /^Trace(?::[^\n]*)?\n {4}at /.test(text);
}

function readArguments(args: readonly unknown[]): { readonly body: string; readonly attributes?: object } {
  const error = args.find((argument) => argument instanceof Error);
  if (error === undefined) return { body: format(...args) };
  const words = args.filter((argument) => argument !== error);
  return {
    body: words.length > 0 ? format(...words).replace(/:$/, '') : error.message,
    attributes: exceptionAttributes(error),
  };
}
