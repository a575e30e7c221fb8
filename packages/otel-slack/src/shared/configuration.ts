import { resolve } from 'node:path';
import { readConfigFile } from '../../../../src/config/config-file.js';
import { configPath } from '../../../../src/config/env.js';
import type { ConfigFile } from '../../../../src/config/settings.js';
import type { Given, Io, OptionSpec } from './command.js';

/** The option that names the file, for each command that reads it. */
export const CONFIG_OPTION: OptionSpec = {
  value: 'FILE',
  help: 'the JSON file with options, instead of the one that OTEL_EXPORTER_SLACK_CONFIG names',
};

/** The JSON file with options that the exporter would read here; undefined: none is named. */
export function readConfiguration(given: Given, io: Pick<Io, 'environment' | 'cwd'>): ConfigFile | undefined {
  const path = typeof given.config === 'string' ? given.config : configPath(io.environment);
  if (path === undefined) return undefined;
  return { ...readConfigFile(resolve(io.cwd, path)), path };
}
