import type { Command, OptionSpec } from './command.js';
import type { Paint } from './paint.js';

/** Help for all. */
export function mainHelp(commands: readonly Command[], paint: Paint): string {
  return [
    `${paint('bold', 'otel-slack')} · OpenTelemetry log records in Slack: try it, check it, tune it`,
    '',
    paint('bold', 'Commands'),
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    paint('bold', 'Options'),
    ...table([
      ['-h, --help', 'this, or with a command what it can do'],
      ['--version', 'the version'],
    ]),
    '',
    'What the exporter is to do comes from OTEL_EXPORTER_SLACK_* and the file that OTEL_EXPORTER_SLACK_CONFIG names.',
    '',
  ].join('\n');
}

/** Help for one command. */
export function commandHelp({ name, positionals = [], description, options, examples }: Command, paint: Paint): string {
  const shown = Object.entries({ ...options, help: { help: 'this' } });
  return [
    `${paint('bold', `otel-slack ${[name, ...positionals].join(' ')}`)} [options]`,
    '',
    description,
    '',
    paint('bold', 'Options'),
    ...table(shown.map(([option, spec]) => [written(option, spec), spec.help])),
    '',
    paint('bold', 'Examples'),
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function written(option: string, { value }: OptionSpec): string {
  return value === undefined ? `--${option}` : `--${option} ${value}`;
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
