import { format } from 'node:util';
import type { Environment } from '../config/index.js';
import type { SdkLogger } from '../gate/index.js';
import { exceptionAttributes } from '../record/index.js';
import { instrumentationOf, isInstrumentationEnabled } from './loggers.js';
import type { App } from './modules.js';
import type { RegisteredProvider } from './provider.js';

const SCOPE = 'console';
const OFFICIAL = {
  name: 'console',
  bridge: '@opentelemetry/instrumentation-console',
  exports: 'ConsoleInstrumentation',
};

/** The bridged methods. The other methods of `console` do not report problems. */
const METHODS = {
  error: { severityNumber: 17, severityText: 'ERROR' },
  warn: { severityNumber: 13, severityText: 'WARN' },
};

/** Options of {@link bridgeConsole}. */
export interface ConsoleBridge {
  readonly app: App;
  readonly provider: RegisteredProvider;
  readonly environment: Environment;
}

/**
 * Makes `console.error` and `console.warn` create records too, with OpenTelemetry's own instrumentation if the app has it,
 * and otherwise with {@link wrapConsole}. Apps without a logger, and unhandled route errors of Express, appear only there.
 * The returned function undoes it.
 */
export function bridgeConsole({ app, provider, environment }: ConsoleBridge): () => void {
  if (!isInstrumentationEnabled(OFFICIAL.name, environment)) return () => {};
  const official = instrumentationOf(app, OFFICIAL);
  if (official !== undefined) {
    official.setLoggerProvider?.(provider);
    return () => official.disable();
  }
  return wrapConsole(globalThis.console, provider.getLogger(SCOPE));
}

/** Wraps a console so that errors become records with their stack and causes. The returned function unwraps it. */
export function wrapConsole(target: Console, logger: SdkLogger): () => void {
  let isEmitting = false;
  const emit = (severity: object, args: readonly unknown[]): void => {
    // Output during emit() would loop, and console.trace() calls console.error() but is no error.
    if (isEmitting || isTrace(args)) return;
    isEmitting = true;
    try {
      logger.emit({ ...severity, ...readArguments(args) });
    } catch {
      // The line is on the console already, and an error here must not reach the app.
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
    // If another library has wrapped the method since, restoring the original would remove its wrapper.
    if (target[method] === replacement) target[method] = original;
  };
}

/** Whether the arguments are those that console.trace() passes to console.error(). */
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
