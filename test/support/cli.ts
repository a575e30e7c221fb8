import { Readable } from 'node:stream';
import { run } from '../../packages/otel-slack/src/run.js';
import { type Clock, systemClock } from '../../src/util/clock.js';

/** The result of a call of `otel-slack`. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Replacements for the resources of the process. */
export interface CliOptions {
  /** The environment of the command. The environment of the process is not used. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  readonly cwd?: string;
  readonly clock?: Clock;
  readonly nodeVersion?: string;
  readonly stopped?: AbortSignal;
  readonly openBrowser?: (url: string) => Promise<boolean>;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Called at each write with all of stdout so far. */
  readonly onOutput?: (stdout: string) => void;
}

/** Calls `otel-slack` in this process. */
export async function otelSlack(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { environment = {}, stdin = '', isTTY = false, columns, onOutput } = options;
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns,
    write(text: string): void {
      written[name] += text;
      if (name === 'stdout') onOutput?.(written.stdout);
    },
  });
  const code = await run(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: output('stdout'),
    stderr: output('stderr'),
    environment,
    cwd: options.cwd ?? process.cwd(),
    clock: options.clock ?? systemClock,
    nodeVersion: options.nodeVersion ?? process.version,
    stopped: options.stopped ?? new AbortController().signal,
    openBrowser: options.openBrowser ?? (() => Promise.resolve(false)),
  });
  return { code, ...written };
}
