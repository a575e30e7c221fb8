import { besideSdkLogs } from '../gate/sdk-logs.cjs';
import { type App, copiesOfApi, tryToLoad } from './modules.js';

/** The global logs API, as a copy of a package gives it. */
interface LogsApi {
  setGlobalLoggerProvider(provider: unknown): unknown;
  disable(): void;
}

/** A copy of the logs API, and the global that it stands for: there are two of these, and they know nothing of each other. */
interface LogsCopy {
  readonly logs: LogsApi;
  readonly isTaken: () => boolean;
}

/** Where `@opentelemetry/api-logs` of the 0.2xx line keeps its provider, and where `@opentelemetry/api` from 1.10 does. */
const API_LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs');
const API_KEY = Symbol.for('opentelemetry.js.api.1');

const globals = globalThis as { [API_LOGS_KEY]?: unknown; [API_KEY]?: { readonly logs?: unknown } };
const isInApiLogs = (): boolean => globals[API_LOGS_KEY] !== undefined;
const isInApi = (): boolean => globals[API_KEY]?.logs !== undefined;

/** Whether any of the two has a provider. */
export function isSomebodyRegistered(): boolean {
  return isInApiLogs() || isInApi();
}

/**
 * All copies that we, the app and the SDK load. `@opentelemetry/api` is another copy for `import` than for `require`, and
 * winston's transport speaks to `@opentelemetry/api-logs` even beside the SDK 3.x.
 */
export function findLogs(app: App): readonly LogsCopy[] {
  const inApi = copiesOfApi(app);
  const inApiLogs = [besideSdkLogs('@opentelemetry/api-logs'), tryToLoad(app, '@opentelemetry/api-logs')];
  const copies = [...inApi.map((from) => copyOf(from, isInApi)), ...inApiLogs.map((from) => copyOf(from, isInApiLogs))];
  const known = new Set<LogsApi>();
  return copies.filter((copy): copy is LogsCopy => {
    if (copy === undefined || known.has(copy.logs)) return false;
    known.add(copy.logs);
    return true;
  });
}

/**
 * Makes `provider` the global one, of both. Should the app register one of its own later on, it shall have its way:
 * the API would keep the first one without a word, and what the app wanted to have exported would be exported nowhere.
 */
export function claimLogs(copies: readonly LogsCopy[], provider: object, makeWay: () => void): void {
  for (const { logs, isTaken } of copies) {
    if (!isTaken()) logs.setGlobalLoggerProvider(provider);
  }
  const leave = (): void => {
    for (const { logs } of copies) {
      Reflect.deleteProperty(logs, 'setGlobalLoggerProvider');
      logs.disable();
    }
    makeWay();
  };
  for (const { logs } of copies) {
    logs.setGlobalLoggerProvider = (theirs) => {
      leave();
      return logs.setGlobalLoggerProvider(theirs);
    };
  }
}

function copyOf(from: unknown, isTaken: () => boolean): LogsCopy | undefined {
  const logs = (from as { readonly logs?: LogsApi } | undefined)?.logs;
  return typeof logs?.setGlobalLoggerProvider === 'function' ? { logs, isTaken } : undefined;
}
