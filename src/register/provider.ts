import { hostname } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { readConfigFile } from '../config/config-file.js';
import { configPath, type Environment } from '../config/env.js';
import type { SlackExporterOptions } from '../config/options.js';
import { besideSdkLogs, loadSdkLogs, type SdkLogger } from '../gate/sdk-logs.cjs';
import { createSlackLogRecordProcessor } from '../processor.js';
import type { ReadableResource } from '../record/otel.js';
import { withTextsRead } from './error-text.js';
import type { App } from './modules.js';

/** The provider that stands behind the global logs API. */
export interface RegisteredProvider {
  getLogger(name: string, version?: string): SdkLogger;
  forceFlush(): Promise<void>;
  /** Delivers what is left. However often it is called, it is done once. */
  shutdown(): Promise<void>;
}

/** Makes a `LoggerProvider` with our processor. Throws when `@opentelemetry/sdk-logs` is not installed. */
export function createProvider(app: App, environment: Environment): RegisteredProvider {
  const { LoggerProvider } = sdkLogs();
  const resource = resourceOf(app);
  const slack = createSlackLogRecordProcessor(defaults(environment), { environment, resource });
  const provider = new LoggerProvider({ resource, processors: [withTextsRead(slack)] });
  let ended: Promise<void> | undefined;
  return Object.assign(provider, {
    shutdown() {
      // The SDK's own says through `diag` that it was called twice, and a signal may come after `beforeExit`.
      ended ??= Promise.resolve(slack.shutdown());
      return ended;
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
 * Whoever writes no code for the set-up has none for the end of the process either: the last words are on, unless the
 * environment or the file says otherwise. Not in a worker thread: what ends it ends the thread, and the process goes on.
 */
function defaults(environment: Environment): SlackExporterOptions {
  if (!isMainThread) return { lastWords: false };
  const path = configPath(environment);
  const isSet = environment.OTEL_EXPORTER_SLACK_LAST_WORDS?.trim() || (path && readConfigFile(path).options?.lastWords);
  return isSet === undefined || isSet === '' ? { lastWords: true } : {};
}

/** What the SDK's packages give beside it, of `@opentelemetry/resources`. */
interface Resources {
  defaultResource(): MergeableResource;
  resourceFromAttributes(attributes: Readonly<Record<string, unknown>>): MergeableResource;
  detectResources(options: { readonly detectors: readonly unknown[] }): MergeableResource;
  readonly envDetector: unknown;
}

interface MergeableResource extends ReadableResource {
  merge(other: MergeableResource): MergeableResource;
}

/** The app by its package.json, the host and the process; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come first. */
function resourceOf({ name, version }: App): MergeableResource {
  const resources = besideSdkLogs('@opentelemetry/resources') as Resources;
  const found = resources.resourceFromAttributes({
    ...(name !== undefined && { 'service.name': name }),
    ...(version !== undefined && { 'service.version': version }),
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  });
  const given = resources.detectResources({ detectors: [resources.envDetector] });
  return resources.defaultResource().merge(found).merge(given);
}
