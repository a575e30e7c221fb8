import { hostname } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { configPath, type Environment, readConfigFile, type SlackExporterOptions } from '../config/index.js';
import { besideSdkLogs, loadSdkLogs, type SdkLogger } from '../gate/index.js';
import { createSlackLogRecordProcessor } from '../processor.js';
import type { ReadableResource } from '../record/index.js';
import { withParsedTexts } from './error-text.js';
import type { App } from './modules.js';

/** The provider that `register` sets in the global logs API. */
export interface RegisteredProvider {
  getLogger(name: string, version?: string): SdkLogger;
  forceFlush(): Promise<void>;
  /** Returns the number of records that the app has emitted so far. */
  emitted(): number;
  /** Delivers everything that is pending. Further calls return the same promise. */
  shutdown(): Promise<void>;
}

/** Creates a `LoggerProvider` with the Slack processor. Throws when `@opentelemetry/sdk-logs` is not installed. */
export function createProvider(app: App, environment: Environment): RegisteredProvider {
  const { LoggerProvider } = sdkLogs();
  const resource = resourceOf(app);
  const slack = createSlackLogRecordProcessor(defaultOptions(environment), { environment, resource });
  const provider = new LoggerProvider({ resource, processors: [withParsedTexts(slack)] });
  let shutdownPromise: Promise<void> | undefined;
  return Object.assign(provider, {
    emitted: () => slack.stats().emitted,
    shutdown() {
      // The SDK's own shutdown() warns about a second call, and a signal may follow `beforeExit`.
      shutdownPromise ??= Promise.resolve(slack.shutdown());
      return shutdownPromise;
    },
  });
}

function sdkLogs(): ReturnType<typeof loadSdkLogs> {
  try {
    return loadSdkLogs();
  } catch {
    throw new Error('expected @opentelemetry/sdk-logs to be installed; run "npm install @opentelemetry/sdk-logs"');
  }
}

/**
 * Enables the last words, unless the environment or the file sets them: an app without setup code has no shutdown code
 * either. Not in a worker thread, because its end does not end the process.
 */
function defaultOptions(environment: Environment): SlackExporterOptions {
  if (!isMainThread) return { lastWords: false };
  const path = configPath(environment);
  const isSet = environment.OTEL_EXPORTER_SLACK_LAST_WORDS?.trim() || (path && readConfigFile(path).options?.lastWords);
  return isSet === undefined || isSet === '' ? { lastWords: true } : {};
}

/** The functions of `@opentelemetry/resources` that this package calls. */
interface Resources {
  defaultResource(): MergeableResource;
  resourceFromAttributes(attributes: Readonly<Record<string, unknown>>): MergeableResource;
  detectResources(options: { readonly detectors: readonly unknown[] }): MergeableResource;
  readonly envDetector: unknown;
}

interface MergeableResource extends ReadableResource {
  merge(other: MergeableResource): MergeableResource;
}

/** Creates the resource from package.json, host and process. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence. */
function resourceOf({ name, version }: App): MergeableResource {
  const resources = besideSdkLogs('@opentelemetry/resources') as Resources;
  const detected = resources.resourceFromAttributes({
    ...(name !== undefined && { 'service.name': name }),
    ...(version !== undefined && { 'service.version': version }),
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  });
  const fromEnvironment = resources.detectResources({ detectors: [resources.envDetector] });
  return resources.defaultResource().merge(detected).merge(fromEnvironment);
}
