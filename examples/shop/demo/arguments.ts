import { parseArgs } from 'node:util';

/** The arguments of the command line. */
export type Command =
  | { readonly kind: 'run'; readonly once: boolean; readonly port: number | undefined }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const USAGE = `Usage: npm run demo -- [--once] [--port N]

Starts a local Slack, a small shop that exports its errors to it, and customers of the shop.
Prints the messages in Slack: first the errors of a bad day, then a storm of one error, which repeats every few
minutes. Runs until Ctrl-C.

  --once    do each step once, in about 35 seconds, then print a summary; exit code 1 if a record was lost
  --port N  port of the local Slack (default: 8025 if it is free, with --once any free one)
  --help    print this text`;

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
