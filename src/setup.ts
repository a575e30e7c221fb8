import { randomUUID } from 'node:crypto';
import { readConfigFile } from './config/config-file.js';
import { configPath, type Environment } from './config/env.js';
import type { SlackExporterOptions } from './config/options.js';
import { resolveOptions } from './config/resolve.js';
import type { Settings } from './config/settings.js';
import { processRateLimits } from './deliver/rate-limiter.js';
import type { Dependencies } from './pipeline/destination.js';
import type { ReadableResource } from './record/otel.js';
import { connectToSlack } from './slack/client.js';
import { openSpool } from './spool/spool.js';
import { createDiagnostics } from './telemetry/diagnostics.js';
import { type Clock, systemClock } from './util/clock.js';

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
