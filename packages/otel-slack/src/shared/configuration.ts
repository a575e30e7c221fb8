import { resolve } from 'node:path';
import { type ConfigFile, configPath, readConfigFile } from '../../../../src/config/index.js';
import type { Io } from './command.js';

/**
 * Reads the JSON file with options: the one that `--config` names, else the one that `OTEL_EXPORTER_SLACK_CONFIG` names.
 * Undefined when neither is given.
 */
export function readConfiguration(
  config: string | undefined,
  { environment, cwd }: Pick<Io, 'environment' | 'cwd'>,
): ConfigFile | undefined {
  const path = config ?? configPath(environment);
  return path === undefined ? undefined : { ...readConfigFile(resolve(cwd, path)), path };
}
