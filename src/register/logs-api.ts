import { besideSdkLogs } from '../gate/index.js';
import { type App, copiesOfApi, tryToLoad } from './modules.js';

/** The logs API of one copy of a package. */
interface LogsApi {
  setGlobalLoggerProvider(provider: unknown): unknown;
  disable(): void;
}

/** A copy of the logs API, and whether its global provider is set. Two packages have separate globals. */
interface LogsCopy {
  readonly logs: LogsApi;
  readonly isTaken: () => boolean;
}

/** The globals in which `@opentelemetry/api-logs` of the 0.2xx line and `@opentelemetry/api` from 1.10 store the provider. */
const API_LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs');
const API_KEY = Symbol.for('opentelemetry.js.api.1');

const globals = globalThis as { [API_LOGS_KEY]?: unknown; [API_KEY]?: { readonly logs?: unknown } };
const isInApiLogs = (): boolean => globals[API_LOGS_KEY] !== undefined;
const isInApi = (): boolean => globals[API_KEY]?.logs !== undefined;

/** Whether one of the two globals has a provider. */
export function hasProvider(): boolean {
  return isInApiLogs() || isInApi();
}

/**
 * Returns all copies of the logs API that this package, the app and the SDK load. `@opentelemetry/api` has one copy for
 * `import` and one for `require`. The transport of winston uses `@opentelemetry/api-logs` even with the SDK 3.x.
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
 * Makes `provider` the global provider of both. If the app registers its own provider later, that one replaces it: the API
 * would silently keep the first one, and the app's records would be exported nowhere.
 * @param onReplaced - called when the app registers its own provider
 */
export function claimLogs(copies: readonly LogsCopy[], provider: object, onReplaced: () => void): void {
  for (const { logs, isTaken } of copies) {
    if (!isTaken()) logs.setGlobalLoggerProvider(provider);
  }
  const leave = (): void => {
    for (const { logs } of copies) {
      Reflect.deleteProperty(logs, 'setGlobalLoggerProvider');
      logs.disable();
    }
    onReplaced();
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
