import { CommanderError } from 'commander';
import { COMMANDS } from './commands.js';
import { createProgram } from './program.js';
import { createColors } from './shared/colors.js';
import { EXIT, type Io, UserError } from './shared/command.js';
import { withSafeOutput } from './shared/terminal.js';
import { usageErrorText } from './usage-error.js';

/** Runs `otel-slack` with these arguments and resolves to the exit code. Rejects only because of a bug. */
export async function run(args: readonly string[], processIo: Io): Promise<number> {
  const io = withSafeOutput(processIo);
  let exitCode: number = EXIT.ok;
  const program = createProgram(COMMANDS, io, async (command, parsed) => {
    exitCode = await command.run(parsed, io);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof UserError) {
      printError(error.message, args, io);
      return EXIT.problem;
    }
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    // Without a command, commander has printed the help to stderr.
    if (error.code !== 'commander.help') {
      printError(`${usageErrorText(error, program, args)}\nSee ${calledName(args)} --help`, args, io);
    }
    return EXIT.usage;
  }
}

function printError(text: string, args: readonly string[], { stderr, environment }: Io): void {
  stderr.write(`${createColors(stderr, environment).red(`${calledName(args)}:`)} ${text}\n`);
}

/** `otel-slack`, or with a command `otel-slack doctor`. */
function calledName([name]: readonly string[]): string {
  return COMMANDS.some((command) => command.name === name) ? `otel-slack ${name}` : 'otel-slack';
}
