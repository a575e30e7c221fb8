import { createRequire, register as registerHook } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../config/index.js';
import { inHooksThread } from './hooks-thread.js';
import { type App, findPackage, loadPackage } from './modules.js';
import type { RegisteredProvider } from './provider.js';

/** A logger, OpenTelemetry's bridge for it, and the class that the bridge exports. */
interface LoggerBridge {
  /** The package of the logger. OTEL_NODE_ENABLED_INSTRUMENTATIONS and …_DISABLED_… use the same name. */
  readonly name: string;
  readonly bridge: string;
  readonly exports: string;
  /** Another package that the bridge needs. */
  readonly needs?: string;
  /** The first major version of the logger that the bridge does not support, if there is one. */
  readonly unsupportedFrom?: number;
  /** Packages that log with this logger. An app that declares one of them needs the bridge. */
  readonly usedBy: readonly string[];
}

const LOGGERS: readonly LoggerBridge[] = [
  {
    name: 'pino',
    bridge: '@opentelemetry/instrumentation-pino',
    exports: 'PinoInstrumentation',
    usedBy: ['pino', 'fastify', 'pino-http', 'nestjs-pino'],
  },
  {
    name: 'winston',
    bridge: '@opentelemetry/instrumentation-winston',
    exports: 'WinstonInstrumentation',
    needs: '@opentelemetry/winston-transport',
    usedBy: ['winston', 'nest-winston', 'express-winston'],
  },
  {
    name: 'bunyan',
    bridge: '@opentelemetry/instrumentation-bunyan',
    exports: 'BunyanInstrumentation',
    unsupportedFrom: 2,
    usedBy: ['bunyan', 'restify'],
  },
];

/** The part of an OpenTelemetry instrumentation that this package calls. */
interface Instrumentation {
  setLoggerProvider?(provider: unknown): void;
  disable(): void;
}

/** Options of {@link bridgeLoggers}. */
export interface BridgeOptions {
  readonly app: App;
  readonly provider: RegisteredProvider;
  readonly environment: Environment;
  readonly warn: (message: string) => void;
}

/** Enables the bridges of the app's loggers, and warns about missing ones. The returned function disables them. */
export function bridgeLoggers({ app, provider, environment, warn }: BridgeOptions): () => void {
  const allowed = LOGGERS.filter(({ name }) => isInstrumentationEnabled(name, environment));
  const enabled = allowed.flatMap((logger) => {
    try {
      const instrumentation = instrumentationOf(app, logger);
      warnIfMissing(app, logger, warn);
      return instrumentation === undefined ? [] : [{ logger, instrumentation }];
    } catch (error) {
      warn(`${logger.bridge} cannot be used: ${(error as Error).message.split('\n', 1)[0]}`);
      return [];
    }
  });
  for (const { instrumentation } of enabled) instrumentation.setLoggerProvider?.(provider);
  hookImports(
    app,
    enabled.map(({ logger }) => logger),
  );
  return () => {
    for (const { instrumentation } of enabled) instrumentation.disable();
  };
}

/** Creates the instrumentation if its package is installed. The constructor enables it. */
export function instrumentationOf(
  app: App,
  { bridge, exports: name }: Pick<LoggerBridge, 'bridge' | 'exports'>,
): Instrumentation | undefined {
  const loaded = loadPackage(app, bridge) as Record<string, new () => Instrumentation> | undefined;
  return loaded?.[name] && new loaded[name]();
}

/** Whether OpenTelemetry's variables for automatic instrumentation allow it. */
export function isInstrumentationEnabled(name: string, environment: Environment): boolean {
  const listed = (variable: string): readonly string[] | undefined =>
    environment[variable]?.trim() ? environment[variable]?.split(',').map((each) => each.trim()) : undefined;
  const enabled = listed('OTEL_NODE_ENABLED_INSTRUMENTATIONS');
  if (enabled !== undefined && !enabled.includes(name)) return false;
  return !listed('OTEL_NODE_DISABLED_INSTRUMENTATIONS')?.includes(name);
}

function warnIfMissing(app: App, logger: LoggerBridge, warn: (text: string) => void): void {
  const { name, bridge, needs, usedBy, unsupportedFrom = Number.POSITIVE_INFINITY } = logger;
  if (!usedBy.some((user) => app.dependencies.has(user))) return;
  const { version = '' } = (loadPackage(app, `${name}/package.json`) ?? {}) as { readonly version?: string };
  if (Number.parseInt(version, 10) >= unsupportedFrom) {
    warn(
      `what the app logs with ${name} ${version} does not reach Slack: ${bridge} supports ${name} before ${unsupportedFrom}`,
    );
    return;
  }
  const missing = [bridge, needs].filter((each) => each !== undefined && findPackage(app, each) === undefined);
  if (missing.length === 0) return;
  warn(
    `what the app logs with ${name} does not reach Slack yet; run "npm install ${missing.join(' ')}", ` +
      `or set OTEL_NODE_DISABLED_INSTRUMENTATIONS=${name}`,
  );
}

/**
 * Registers the loader hooks that bridges need for packages loaded with `import`. The hooks see only the loggers, and no
 * other module of the app.
 */
function hookImports(app: App, loggers: readonly LoggerBridge[]): void {
  const hooks = new Map<string, string[]>();
  for (const { bridge, name } of loggers) {
    const from = createRequire(findPackage(app, bridge) as string);
    const hook = from.resolve('@opentelemetry/instrumentation/hook.mjs');
    hooks.set(hook, [...(hooks.get(hook) ?? []), name]);
  }
  inHooksThread(() => {
    for (const [hook, include] of hooks) registerHook(pathToFileURL(hook), { data: { include } });
  });
}
