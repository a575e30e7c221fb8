import { parseArgs } from 'node:util';

/** The arguments of the command line. */
export type Command =
  | { readonly kind: 'run'; readonly once: boolean; readonly port: number | undefined }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const USAGE = `Usage: npm run demo -- [--once] [--port N]

Starts a local Slack and a small shop that logs to it through OpenTelemetry, sends the shop customers,
and shows what a person would read in Slack: a bad day's errors, then a storm of one error, which comes again every
few minutes. Goes on until Ctrl-C.

  --once    each of it once, about 35 seconds, then a summary; exit code 1 if a record was lost
  --port N  port of the local Slack (default: 8025 if it is free, with --once any free one)
  --help    this text`;

const OPTIONS = {
  once: { type: 'boolean' },
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseArguments(args: readonly string[]): Command {
  try {
    const { once = false, port, help } = parseArgs({ args: [...args], options: OPTIONS }).values;
    if (help) return { kind: 'help' };
    if (port === undefined) return { kind: 'run', once, port };
    if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return { kind: 'run', once, port: Number(port) };
    return { kind: 'wrong', message: `--port: expected a number from 0 to 65535, got '${port}'` };
  } catch (error) {
    // Node's own error text without its second sentence, which is about positional arguments. The demo has none.
    const [message = 'wrong arguments'] = error instanceof Error ? error.message.split('. ') : [];
    return { kind: 'wrong', message };
  }
}
