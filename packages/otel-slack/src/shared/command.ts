import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { Environment } from '../../../../src/config/index.js';
import type { Clock } from '../../../../src/util/index.js';

/** Where a command writes: the terminal, a file, or a test. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Everything that a command uses of the process, so that tests can replace it. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  /** Relative paths are resolved against this folder. */
  readonly cwd: string;
  readonly clock: Clock;
  /** `process.version` */
  readonly nodeVersion: string;
  /** Aborted on SIGINT and SIGTERM. */
  readonly stopped: AbortSignal;
  /** Opens a page in the browser; resolves to false when that failed. */
  readonly openBrowser: (url: string) => Promise<boolean>;
}

/** Exit codes; docs/cli.md has them for scripts. */
export const EXIT = {
  ok: 0,
  /** The command found a problem, or a file or port cannot be used. */
  problem: 1,
  /** The arguments are wrong. */
  usage: 2,
  /** A bug in `otel-slack`. */
  bug: 3,
  /** SIGINT: 128 + 2, as shells report it. */
  interrupted: 130,
  /** SIGTERM: 128 + 15. */
  terminated: 143,
} as const;

/** One command of `otel-slack`. */
export interface CliCommand {
  readonly name: string;
  /** Declares the arguments, the options and the help. */
  readonly declare: (command: Command) => void;
  /** Runs the command with the arguments that were parsed. Resolves to the exit code. */
  readonly run: (parsed: Command, io: Io) => Promise<number>;
}

/** A mistake of the user's. It is printed in one line, without a stack. */
export class UserError extends Error {}
