import { isMainThread } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { configPath, type Environment } from '../config/env.js';
import { processGlobal } from '../util/process-globals.js';
import { bridgeConsole } from './console.js';
import { showDiagnostics } from './diagnostics.js';
import { isHooksThread } from './hooks-thread.js';
import { bridgeLoggers } from './loggers.js';
import { claimLogs, findLogs, isSomebodyRegistered } from './logs-api.js';
import { type App, findApp } from './modules.js';
import { createProvider } from './provider.js';
import { endWithProcess } from './signals.js';

/**
 * Gives an app that has no OpenTelemetry a provider with our processor, behind the global logs API and the loggers that
 * the app has. It never throws, and whatever it cannot do it says through `diag`: the app runs as without us.
 */
export function register(environment: Environment = process.env): void {
  const state = processGlobal('register/1', () => ({ isDone: false }));
  if (state.isDone || isHooksThread() || environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return;
  state.isDone = true;
  // A thread that could post nothing says nothing either: the main thread has said it.
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
  if (isSomebodyRegistered()) {
    warn(`${STANDS_DOWN} ${WRITE_INSTEAD}`);
    return;
  }
  const provider = createProvider(app, environment);
  const undo: (() => void)[] = [endWithProcess(provider)];
  undo.push(bridgeLoggers({ app, provider, environment, warn: isMainThread ? warn : () => {} }));
  undo.push(bridgeConsole({ app, provider, environment }));
  claimLogs(findLogs(app), provider, () => {
    for (const each of undo) each();
    // What it has is delivered; what comes from now on is the other one's.
    void provider.shutdown();
    warn(`${MAKES_WAY} ${WRITE_INSTEAD}`);
  });
}

const STANDS_DOWN = 'a LoggerProvider was registered before, so nothing more is registered.';
const MAKES_WAY = 'the app registers a LoggerProvider of its own, so ours has made way for it.';
const WRITE_INSTEAD =
  'To have its errors in Slack, give it our processor, and leave ' +
  '"--import opentelemetry-exporter-slack/register" out: ' +
  'new NodeSDK({ logRecordProcessors: [createSlackLogRecordProcessor()] }), ' +
  'or new LoggerProvider({ processors: [createSlackLogRecordProcessor()] })';

function hasDestination(environment: Environment): boolean {
  const names = ['WEBHOOK_URL', 'TOKEN'].map((name) => environment[`OTEL_EXPORTER_SLACK_${name}`]?.trim());
  return configPath(environment) !== undefined || names.some((value) => value);
}

function warn(message: string): void {
  diag.warn(`opentelemetry-exporter-slack/register: ${message}`);
}
