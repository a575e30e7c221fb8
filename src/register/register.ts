import { isMainThread } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { configPath, type Environment } from '../config/index.js';
import { processGlobal } from '../util/index.js';
import { bridgeConsole } from './console.js';
import { showDiagnostics } from './diagnostics.js';
import { isHooksThread } from './hooks-thread.js';
import { bridgeLoggers } from './loggers.js';
import { claimLogs, findLogs, hasProvider } from './logs-api.js';
import { type App, findApp } from './modules.js';
import { createProvider } from './provider.js';
import { shutDownWithProcess } from './signals.js';

/**
 * Sets up OpenTelemetry logs with the Slack processor, for an app that has no setup: the global logs API, and the loggers
 * of the app. Never throws. Logs every failure through `diag`, and the app runs as it would without this package.
 */
export function register(environment: Environment = process.env): void {
  const state = processGlobal('register/1', () => ({ isDone: false }));
  if (state.isDone || isHooksThread() || environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return;
  state.isDone = true;
  // Without a destination, a worker thread does not repeat the warning of the main thread.
  if (!isMainThread && !hasDestination(environment)) return;
  try {
    const app = findApp();
    showDiagnostics(app, environment);
    setUp(app, environment);
  } catch (error) {
    warn(`nothing was registered: ${(error as Error).message}`);
  }
}

function setUp(app: App, environment: Environment): void {
  if (hasProvider()) {
    warn(`${ALREADY_REGISTERED} ${WRITE_INSTEAD}`);
    return;
  }
  const provider = createProvider(app, environment);
  const undo: (() => void)[] = [shutDownWithProcess(provider)];
  undo.push(bridgeLoggers({ app, provider, environment, warn: isMainThread ? warn : () => {} }));
  undo.push(bridgeConsole({ app, provider, environment }));
  claimLogs(findLogs(app), provider, () => {
    for (const each of undo) each();
    // Delivers the pending records. Further records go to the provider of the app.
    void provider.shutdown();
    warn(`${REPLACED} ${WRITE_INSTEAD}`);
  });
}

const ALREADY_REGISTERED = 'another LoggerProvider is registered already, so register does nothing.';
const REPLACED = 'the app has registered its own LoggerProvider, which replaces the one of register.';
const WRITE_INSTEAD =
  'To send its errors to Slack, add the Slack processor to it, and remove ' +
  '"--import opentelemetry-exporter-slack/register": ' +
  'new NodeSDK({ logRecordProcessors: [createSlackLogRecordProcessor()] }), ' +
  'or new LoggerProvider({ processors: [createSlackLogRecordProcessor()] })';

function hasDestination(environment: Environment): boolean {
  const names = ['WEBHOOK_URL', 'TOKEN'].map((name) => environment[`OTEL_EXPORTER_SLACK_${name}`]?.trim());
  return configPath(environment) !== undefined || names.some((value) => value);
}

function warn(message: string): void {
  diag.warn(`opentelemetry-exporter-slack/register: ${message}`);
}
