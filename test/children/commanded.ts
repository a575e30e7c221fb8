// An app with the exporter that obeys commands and answers each. Started by support/commanded.ts.
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { createSlackLogRecordProcessor } from '../../src/index.js';

/** A command of the test. */
export type Command =
  | { readonly log: readonly string[] }
  | { readonly shutdown: true }
  | { readonly stats: true }
  | { readonly exit: number };

/** The answer to a command. */
export interface Answer {
  readonly tookMillis: number;
  readonly stats: ReturnType<ReturnType<typeof createSlackLogRecordProcessor>['stats']>;
  readonly warnings: readonly string[];
  /** The slowest of the app's own name lookups and file reads so far. */
  readonly slowestMillis: number;
}

const warnings: string[] = [];
const silent = (): void => {};
const warn = (...line: unknown[]): void => void warnings.push(line.join(' '));
diag.setLogger({ debug: silent, verbose: silent, info: silent, warn, error: warn }, DiagLogLevel.WARN);

const [, , options = '{}'] = process.argv;
const slack = createSlackLogRecordProcessor({ scheduledDelayMillis: 50, ...JSON.parse(options) });
const provider = new LoggerProvider({ processors: [slack] });
const logger = provider.getLogger('commanded');
let slowestMillis = 0;
let isShutDown = false;

const COMMANDS = {
  log(bodies: readonly string[]): void {
    for (const body of bodies) logger.emit({ severityNumber: 17, body });
  },
  async shutdown(): Promise<void> {
    await provider.shutdown();
    isShutDown = true;
  },
  stats(): void {},
  exit(code: number): void {
    process.exit(code);
  },
};

process.on('message', async (command: Command) => {
  const from = performance.now();
  const [[name, value] = []] = Object.entries(command);
  await (COMMANDS[name as keyof typeof COMMANDS] as (value: unknown) => unknown)(value);
  const tookMillis = performance.now() - from;
  process.send?.({ tookMillis, stats: slack.stats(), warnings, slowestMillis } satisfies Answer);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

while (!isShutDown) {
  const from = performance.now();
  await Promise.all([lookup('localhost'), readFile('package.json')]);
  slowestMillis = Math.max(slowestMillis, performance.now() - from);
  await sleep(20);
}
