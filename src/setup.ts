import { randomUUID } from 'node:crypto';
import {
  configPath,
  type Environment,
  readConfigFile,
  resolveOptions,
  type Settings,
  type SlackExporterOptions,
} from './config/index.js';
import { processRateLimits } from './deliver/index.js';
import type { Dependencies } from './pipeline/index.js';
import type { ReadableResource } from './record/index.js';
import { connectToSlack } from './slack/index.js';
import { openSpool } from './spool/index.js';
import { createDiagnostics } from './telemetry/index.js';
import { type Clock, systemClock } from './util/index.js';

/** Replacements for dependencies, for tests and for `register`. */
export interface Overrides extends Partial<Dependencies> {
  readonly environment?: Environment;
  /** The resource of the record for the error that ends the process, used when no record came before. */
  readonly resource?: ReadableResource;
}

/** What the exporter and the processor are created from. */
export interface Setup {
  readonly settings: Settings;
  readonly dependencies: Dependencies;
}

/** Resolves the options, warns about wrong values in the environment or the file, and gathers the stages' dependencies. */
export function setUp(options: SlackExporterOptions, overrides: Overrides): Setup {
  const clock: Clock = overrides.clock ?? systemClock;
  const diagnostics = overrides.diagnostics ?? createDiagnostics(clock);
  const environment = overrides.environment ?? process.env;
  const path = configPath(environment);
  const file = path === undefined ? undefined : readConfigFile(path);
  const { settings, warnings } = resolveOptions(options, environment, file);
  for (const warning of warnings) diagnostics.warn(warning, warning);
  const dependencies: Dependencies = {
    clock,
    diagnostics,
    random: overrides.random ?? Math.random,
    newId: overrides.newId ?? (() => randomUUID().slice(0, 8)),
    openSpool: overrides.openSpool ?? openSpool,
    connect: overrides.connect ?? connectToSlack,
    rateLimits: overrides.rateLimits ?? processRateLimits(),
  };
  return { settings, dependencies };
}
