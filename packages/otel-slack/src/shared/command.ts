import type { Readable } from 'node:stream';
import type { Environment } from '../../../../src/config/env.js';
import type { Clock } from '../../../../src/util/clock.js';

/** Where a command writes: a terminal, a file, a test. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** All that a command has of the process. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  /** Relative paths start here. */
  readonly cwd: string;
  readonly clock: Clock;
  /** The version of Node, as `process.version` has it. */
  readonly nodeVersion: string;
  /** Is aborted when the user has had enough (Ctrl-C). */
  readonly stopped: AbortSignal;
  /** Shows a page to the user; false when that cannot be done. */
  readonly openBrowser: (url: string) => Promise<boolean>;
}

/** How a command ended, for scripts. */
export const EXIT = {
  ok: 0,
  /** Something is to be mended. */
  problem: 1,
  /** The command was called in a way that makes no sense. */
  usage: 2,
  /** A mistake of ours. */
  bug: 3,
  /** Ctrl-C, as shells have it. */
  interrupted: 130,
  /** SIGTERM, likewise. */
  terminated: 143,
} as const;

/** An option of a command. */
export interface OptionSpec {
  /** How its value is called in the help; an option without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

/** Options after they were read: a text, true for a switch, absent when not given. */
export type Given = Readonly<Record<string, string | true | undefined>>;

/** One command of `otel-slack`. */
export interface Command {
  readonly name: string;
  /** In one line, for the list of commands. */
  readonly summary: string;
  /** What it does, for its own help. */
  readonly description: string;
  /** What stands beside the options, in their order. None: nothing may. */
  readonly positionals?: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  run(given: Given, positionals: readonly string[], io: Io): Promise<number>;
}

/** What a user did wrong: said in one line, without a stack. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.problem) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(message, EXIT.usage);
  }
}
