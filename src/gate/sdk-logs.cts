import { createRequire } from 'node:module';

/**
 * The SDK's own batch processor and provider, looked up when it is needed and not before: `@opentelemetry/sdk-logs` is an optional
 * peer, and under pnpm it may be absent while the exporter alone is used. This is CommonJS in both builds, because only
 * `require` is both synchronous and allowed to fail.
 */
export interface SdkLogs {
  readonly BatchLogRecordProcessor: new (...args: readonly unknown[]) => SdkBatchLogRecordProcessor;
  readonly LoggerProvider: new (options: SdkLoggerProviderOptions) => SdkLoggerProvider;
}

/** What we give to the SDK's `LoggerProvider`. */
export interface SdkLoggerProviderOptions {
  readonly resource: unknown;
  readonly processors: readonly unknown[];
}

/** What we call on the SDK's `LoggerProvider`. */
export interface SdkLoggerProvider {
  getLogger(name: string, version?: string): SdkLogger;
  forceFlush(): Promise<void>;
}

/** What we call on the SDK's `Logger`. */
export interface SdkLogger {
  emit(record: object): void;
}

/** What we call on the SDK's `BatchLogRecordProcessor`. */
export interface SdkBatchLogRecordProcessor {
  onEmit(record: unknown, context?: unknown): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Loads the SDK. Throws an error that says what to install when it is not there. */
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

/** A package as the SDK gets it when it requires it: `@opentelemetry/resources` has to be of its line. `undefined` if it has none. */
export function besideSdkLogs(name: string): unknown {
  try {
    return createRequire(require.resolve('@opentelemetry/sdk-logs'))(name);
  } catch {
    return undefined;
  }
}
