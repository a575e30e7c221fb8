import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Inbox } from 'slack-inbox';
import type { ShopMessage, ShopReport } from '../report.js';
import { DemoFailure } from './failure.js';

/** The shop, in its own process. */
export interface Shop {
  readonly url: string;
  /** Rejects if the shop ends unexpectedly. Never resolves. */
  readonly died: Promise<never>;
  /** Shuts the shop down in order, and returns its report. */
  stop(): Promise<ShopReport>;
}

/** The command line of an app that sets up OpenTelemetry before its own first line. */
const ARGUMENTS = ['--import', 'tsx', '--import', './instrumentation.ts', 'service.ts'];
const DIRECTORY = fileURLToPath(new URL('..', import.meta.url));
/** The SDK's shutdown takes up to 10 s. */
const STOP_TIMEOUT_MILLIS = 15_000;

export async function startShop(inbox: Inbox, partnersUrl: string): Promise<Shop> {
  const child = spawn(process.execPath, ARGUMENTS, {
    cwd: DIRECTORY,
    env: { ...process.env, ...environment(inbox, partnersUrl) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const errorText = collectErrors(child);
  const end = { isExpected: false };
  const died = once(child, 'exit').then(([code, signal]): never => {
    if (end.isExpected) return new Promise(() => {}) as never;
    throw new DemoFailure(`the shop ended by itself (${signal ?? `exit code ${code}`})${errorText()}`);
  });
  const listening = await Promise.race([nextMessage(child, 'listening'), died]);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    died,
    stop: () => {
      end.isExpected = true;
      return stop(child, errorText);
    },
  };
}

/** Replaces the user's own OTEL_EXPORTER_SLACK_* variables, so that the demo always posts to the local Slack. */
function environment(inbox: Inbox, partnersUrl: string): Record<string, string> {
  return {
    PORT: '0',
    CARRIER_URL: partnersUrl,
    SUPPLIER_URL: partnersUrl,
    PAYMENT_PROVIDER_URL: partnersUrl,
    OTEL_EXPORTER_SLACK_WEBHOOK_URL: '',
    OTEL_EXPORTER_SLACK_TOKEN: inbox.token,
    OTEL_EXPORTER_SLACK_CHANNEL: inbox.channel,
    OTEL_EXPORTER_SLACK_API_URL: inbox.apiUrl,
    OTEL_EXPORTER_SLACK_MIN_SEVERITY: 'ERROR',
    OTEL_LOG_LEVEL: 'warn',
    NO_PROXY: '127.0.0.1',
  };
}

async function stop(child: ChildProcess, errorText: () => string): Promise<ShopReport> {
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MILLIS);
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
  const report = nextMessage(child, 'report');
  child.kill('SIGTERM');
  const last = await Promise.race([report, exited.then(() => undefined)]);
  await exited;
  clearTimeout(timer);
  if (last === undefined) throw new DemoFailure(`the shop could not be shut down in order${errorText()}`);
  return last;
}

function nextMessage<K extends ShopMessage['kind']>(child: ChildProcess, kind: K) {
  return new Promise<Extract<ShopMessage, { kind: K }>>((resolve) => {
    child.on('message', (message) => {
      const shopMessage = message as ShopMessage;
      if (shopMessage.kind === kind) resolve(shopMessage as Extract<ShopMessage, { kind: K }>);
    });
  });
}

/** The child's stderr. Of an error with a stack, only the line with the message. */
function collectErrors(child: ChildProcess): () => string {
  let written = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    written = (written + chunk).slice(-8_192);
  });
  return () => {
    const lines = written.split('\n').filter((line) => line.trim() !== '');
    const error = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
    return error === undefined ? '' : `: ${error}`;
  };
}
