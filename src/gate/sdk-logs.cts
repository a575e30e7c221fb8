import { createRequire } from 'node:module';

/**
 * The SDK's batch processor and provider. They are loaded on demand: `@opentelemetry/sdk-logs` is an optional peer, and an
 * app that uses only the exporter may not have it. This file is CommonJS in both builds, because only `require` is
 * synchronous and lets us catch a missing package.
 */
export interface SdkLogs {
  readonly BatchLogRecordProcessor: new (...args: readonly unknown[]) => SdkBatchLogRecordProcessor;
  readonly LoggerProvider: new (options: SdkLoggerProviderOptions) => SdkLoggerProvider;
}

/** The options of the SDK's `LoggerProvider` that this package sets. */
export interface SdkLoggerProviderOptions {
  readonly resource: unknown;
  readonly processors: readonly unknown[];
}

/** The methods of the SDK's `LoggerProvider` that this package calls. */
export interface SdkLoggerProvider {
  getLogger(name: string, version?: string): SdkLogger;
  forceFlush(): Promise<void>;
}

/** The methods of the SDK's `Logger` that this package calls. */
export interface SdkLogger {
  emit(record: object): void;
}

/** The methods of the SDK's `BatchLogRecordProcessor` that this package calls. */
export interface SdkBatchLogRecordProcessor {
  onEmit(record: unknown, context?: unknown): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Loads the SDK. Throws an error that names the package to install when it cannot be loaded. */
export function loadSdkLogs(): SdkLogs {
  try {
    return require('@opentelemetry/sdk-logs') as SdkLogs;
  } catch (cause) {
    throw new Error(
      'createSlackLogRecordProcessor: expected @opentelemetry/sdk-logs to be installed, but it cannot be loaded. ' +
        'Run "npm install @opentelemetry/sdk-logs", or pass a SlackLogRecordExporter to a processor of your own.',
      { cause },
    );
  }
}

/**
 * Loads a package as the SDK itself resolves it: `@opentelemetry/resources` must be of the SDK's line. Returns `undefined`
 * when there is none.
 */
export function besideSdkLogs(name: string): unknown {
  try {
    return createRequire(require.resolve('@opentelemetry/sdk-logs'))(name);
  } catch {
    return undefined;
  }
}
