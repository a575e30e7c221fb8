import { nearest } from '../../../src/util/did-you-mean.js';
import packageJson from '../package.json' with { type: 'json' };
import { doctor } from './doctor/doctor.js';
import { inbox } from './inbox/inbox.js';
import { manifest } from './manifest/manifest.js';
import { preview } from './preview/preview.js';
import { readArguments } from './shared/arguments.js';
import { type Command, EXIT, type Io, UsageError, UserError } from './shared/command.js';
import { commandHelp, mainHelp } from './shared/help.js';
import { createPaint } from './shared/paint.js';

const COMMANDS: readonly Command[] = [inbox, doctor, preview, manifest];

/** Runs `otel-slack` with these arguments; gives the exit code. Rejects only where we made a mistake. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    const [first, ...rest] = args;
    if (first === undefined || first.startsWith('-')) return general(first, rest, io);
    return await runCommand(commandOf(first), rest, io);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [name] = args;
    const known = COMMANDS.some((command) => command.name === name) ? ` ${name}` : '';
    const help = error instanceof UsageError ? `See otel-slack${known} --help\n` : '';
    const paint = createPaint(io.stderr, io.environment);
    io.stderr.write(`${paint('red', `otel-slack${known}:`)} ${error.message}\n${help}`);
    return error.exitCode;
  }
}

function general(option: string | undefined, rest: readonly string[], io: Io): number {
  if (option === '--version' || option === '-v') {
    io.stdout.write(`${packageJson.version}\n`);
    return EXIT.ok;
  }
  const isAskedFor = option === '--help' || option === '-h';
  if (option !== undefined && !isAskedFor) {
    const command = rest.find((arg) => COMMANDS.some(({ name }) => name === arg));
    const hint = command === undefined ? 'there are --help and --version' : `options of ${command} go behind its name`;
    throw new UsageError(`${option.split('=', 1)[0]}: there is no such option; ${hint}`);
  }
  const output = isAskedFor ? io.stdout : io.stderr;
  output.write(mainHelp(COMMANDS, createPaint(output, io.environment)));
  return isAskedFor ? EXIT.ok : EXIT.usage;
}

function commandOf(name: string): Command {
  const names = ['help', ...COMMANDS.map((command) => command.name)];
  if (name === 'help') return HELP;
  const found = COMMANDS.find((command) => command.name === name);
  if (found) return found;
  const meant = nearest(name, names);
  const hint = meant === undefined ? `there are ${names.slice(1).join(', ')}` : `did you mean ${meant}?`;
  throw new UsageError(`${JSON.stringify(name)}: there is no such command; ${hint}`);
}

async function runCommand(command: Command, args: readonly string[], io: Io): Promise<number> {
  const { given, positionals } = readArguments(command, args);
  if (!given.help) return command.run(given, positionals, io);
  io.stdout.write(commandHelp(command, createPaint(io.stdout, io.environment)));
  return EXIT.ok;
}

/** `otel-slack help`, for those who try that. */
const HELP: Command = {
  name: 'help',
  summary: '',
  description: 'Says what there is.',
  options: {},
  examples: ['otel-slack --help'],
  async run(_given, _positionals, io) {
    return general('--help', [], io);
  },
};
