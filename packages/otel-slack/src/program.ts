import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { createColors } from './shared/colors.js';
import type { CliCommand, Io, Output } from './shared/command.js';
import { helpTitle } from './shared/help.js';

/** Runs a command after its arguments were parsed. */
export type RunCommand = (command: CliCommand, parsed: Command) => Promise<void>;

/** Creates the argument parser of `otel-slack`. It throws a `CommanderError` instead of ending the process. */
export function createProgram(
  commands: readonly CliCommand[],
  io: Pick<Io, 'stdout' | 'stderr' | 'environment'>,
  runCommand: RunCommand,
): Command {
  const program = new Command('otel-slack')
    .description('Log records of OpenTelemetry in Slack: try, check and tune opentelemetry-exporter-slack.')
    .version(packageJson.version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print the help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ styleTitle: helpTitle, subcommandTerm: (command) => command.name() })
    .addHelpText('after', `\n${SETTINGS_HELP}`)
    .exitOverride();
  useOutput(program, io);
  for (const command of commands) {
    const parsed = program.command(command.name);
    command.declare(parsed);
    parsed.action(() => runCommand(command, parsed));
  }
  return program;
}

const SETTINGS_HELP = [
  'doctor and preview read the options of the exporter: the variables',
  'OTEL_EXPORTER_SLACK_* and the file that OTEL_EXPORTER_SLACK_CONFIG names.',
].join('\n');

function useOutput(program: Command, { stdout, stderr, environment }: Pick<Io, 'stdout' | 'stderr' | 'environment'>) {
  program.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    // run() prints errors, with the name of the command.
    outputError: () => {},
    getOutHelpWidth: () => helpWidth(stdout),
    getErrHelpWidth: () => helpWidth(stderr),
    getOutHasColors: () => createColors(stdout, environment).isOn,
    getErrHasColors: () => createColors(stderr, environment).isOn,
  });
}

function helpWidth({ isTTY, columns = 80 }: Output): number {
  return isTTY ? columns : 80;
}
