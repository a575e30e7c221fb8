import { InvalidArgumentError, Option } from 'commander';

/**
 * An option that takes a value. `parse` throws an {@link InvalidArgumentError} for a value that is wrong.
 *
 * commander takes whatever follows for the value: `--config --json` would read a file named `--json`.
 */
export function valueOption<T>(flags: string, description: string, parse: (text: string) => T): Option {
  return new Option(flags, description).argParser((text: string) => {
    if (text === '' || /^-./.test(text)) throw new InvalidArgumentError('Expected a value that is not another option.');
    return parse(text);
  });
}

/** `--config <file>`, for each command that reads the exporter's options. */
export function configOption(): Option {
  const description = 'read the options of this JSON file, not of the one that OTEL_EXPORTER_SLACK_CONFIG names';
  return valueOption('--config <file>', description, (text) => text);
}

const MAX_PORT = 65_535;

/** `--port <n>`, for each command that starts a local Slack. */
export function portOption(description: string, defaultPort: number): Option {
  return valueOption('--port <n>', description, parsePort).default(defaultPort);
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${MAX_PORT}.`);
}
