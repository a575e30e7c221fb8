import type { Environment } from './env.js';
import type { SlackExporterOptions } from './options.js';
import { findDefaultDestination, findDefaults } from './resolve-destinations.js';
import { type RoutingParts, resolveRouting } from './resolve-routes.js';
import type { ConfigFile, Settings } from './settings.js';
import { type ReadOptions, readCode, readEnvironment, readFile, type Source, type Warn } from './sources.js';
import { OptionError, optionOf } from './validate/scalars.js';

const DEFAULTS: Omit<Settings, 'routes'> = {
  minSeverity: 17,
  filter: undefined,
  fingerprint: undefined,
  render: undefined,
  traceUrl: undefined,
  attributes: [],
  denyAttributes: [],
  redact: { keys: [], allowKeys: [], patterns: [] },
  timeoutMillis: 10_000,
  flushTimeoutMillis: 10_000,
  lastWords: false,
  spool: false,
  maxQueueSize: 2_048,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 1_000,
  selfObsMeterProvider: undefined,
};

/** The result of {@link resolveOptions}. */
export interface ResolvedOptions {
  readonly settings: Settings;
  /** The errors in the environment and the file. The defaults are used instead. */
  readonly warnings: readonly string[];
}

/**
 * Returns the frozen settings. Options in code win over the environment, the environment over the file, and the file
 * over the defaults.
 * @throws {OptionError} when an option in code is wrong. A wrong variable or a wrong option in the file only causes a
 * warning.
 */
export function resolveOptions(
  options: SlackExporterOptions,
  environment: Environment,
  file?: ConfigFile,
): ResolvedOptions {
  const warnings: string[] = [];
  const warn: Warn = (warning) => warnings.push(warning);
  const sources = [readCode(options), readEnvironment(environment, warn), readFile(file, warn)];
  const routes = settleRouting(sources, file !== undefined, warn);
  const settings = toSettings(sources, routes);
  if (routes.length === 0) warn(NO_DESTINATION);
  return { settings, warnings };
}

const NO_DESTINATION =
  'nothing will be sent to Slack: no destination is set. Set OTEL_EXPORTER_SLACK_WEBHOOK_URL, or ' +
  'OTEL_EXPORTER_SLACK_TOKEN and OTEL_EXPORTER_SLACK_CHANNEL, or give webhookUrl, or token and channel, in code';

/** Merges the options of all sources. The first source has the highest precedence. */
function merged(sources: readonly Source[]): ReadOptions {
  const given = ({ read }: Source) =>
    Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  return Object.assign({}, ...sources.map(given).toReversed());
}

function toSettings(sources: readonly Source[], routes: Settings['routes']): Settings {
  const { webhookUrl, token, channel, apiUrl, mention, quietHours, fallback, ...plain } = {
    ...DEFAULTS,
    ...merged(sources),
  };
  checkBatch(sources[0]?.read.maxExportBatchSize, plain.maxQueueSize);
  return Object.freeze({
    ...plain,
    routes,
    minSeverity: routes.length === 0 ? plain.minSeverity : Math.min(...routes.map((route) => route.minSeverity)),
    maxExportBatchSize: Math.min(plain.maxExportBatchSize, plain.maxQueueSize),
  });
}

function checkBatch(maxExportBatchSize: number | undefined, maxQueueSize: number): void {
  if (maxExportBatchSize === undefined || maxExportBatchSize <= maxQueueSize) return;
  throw new OptionError(
    'maxExportBatchSize',
    `expected at most maxQueueSize (${maxQueueSize}), got ${maxExportBatchSize}`,
  );
}

/**
 * Resolves the routes. Drops conflicting options from outside of the code, one after the other, until no conflict is
 * left.
 */
function settleRouting(given: readonly Source[], hasFile: boolean, warn: Warn): Settings['routes'] {
  const { routes, fallback } = merged(given);
  // Even an unreadable file counts as one with routes.
  const defaultDestination = findDefaultDestination(given, hasFile || Boolean(routes?.length || fallback));
  for (const warning of defaultDestination.warnings) warn(warning);
  let sources = given;
  let isDefaultAdapted = false;
  for (;;) {
    try {
      const routing = resolveRouting({ ...routingParts(sources), defaultDestination, isDefaultAdapted });
      for (const warning of routing.warnings) warn(warning);
      return routing.routes;
    } catch (error) {
      const culprit = error instanceof OptionError ? findCulprit(error, sources) : undefined;
      if (culprit) {
        warn(culprit.warning);
        sources = sources.map((source) => (source === culprit.source ? without(source, culprit.option) : source));
      } else if (!isDefaultAdapted && !defaultDestination.isFromCode) isDefaultAdapted = true;
      else throw error;
    }
  }
}

function routingParts(sources: readonly Source[]): Omit<RoutingParts, 'defaultDestination' | 'isDefaultAdapted'> {
  const read = merged(sources);
  return {
    read,
    minSeverity: read.minSeverity ?? DEFAULTS.minSeverity,
    defaults: findDefaults(sources),
    nameOf: (path) => sourceOf(optionOf(path), sources)?.nameOf(path) ?? path,
  };
}

function sourceOf(option: string, sources: readonly Source[]): Source | undefined {
  return sources.find(({ read }) => read[option as keyof ReadOptions] !== undefined);
}

interface Culprit {
  readonly source: Source;
  readonly option: string;
  readonly warning: string;
}

/** Returns the conflicting option with the lowest precedence, or `undefined` when all of them are set in code. */
function findCulprit({ problem, options }: OptionError, sources: readonly Source[]): Culprit | undefined {
  for (const source of sources.slice(1).toReversed()) {
    const option = options.find((name) => sourceOf(name, sources) === source);
    if (option === undefined) continue;
    const isNamedInProblem = option === options[0];
    const warning = isNamedInProblem
      ? `${source.nameOf(problem)}; the option is ignored`
      : `${problem}; ${source.nameOf(option)} is ignored`;
    return { source, option, warning };
  }
  return undefined;
}

function without(source: Source, option: string): Source {
  return { ...source, read: { ...source.read, [option]: undefined } };
}
