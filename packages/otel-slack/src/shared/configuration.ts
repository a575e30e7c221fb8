import { resolve } from 'node:path';
import { readConfigFile } from '../../../../src/config/config-file.js';
import { configPath } from '../../../../src/config/env.js';
import type { ConfigFile } from '../../../../src/config/settings.js';
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
