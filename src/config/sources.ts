import type { MeterProvider } from '@opentelemetry/api';
import { didYouMean } from '../util/index.js';
import type { MessageRenderer, RecordFilter, RecordFingerprint } from './callbacks.js';
import { type Environment, fromEnvironment, KNOWN_VARIABLES, unknownVariables, VARIABLES } from './env.js';
import type { SlackExporterOptions } from './options.js';
import type { ConfigFile, Settings } from './settings.js';
import { BOOLEAN, checkedField, type Fields, isObject } from './validate/objects.js';
import { REDACT } from './validate/redact.js';
import {
  DESTINATION_FIELDS,
  FALLBACK,
  MENTION,
  QUIET_HOURS,
  type ReadDestination,
  type ReadRouting,
  ROUTES,
} from './validate/routes.js';
import {
  aFunction,
  type Check,
  checked,
  isShowable,
  OptionError,
  SEVERITY,
  TEXTS,
  TRACE_URL,
  wholeNumber,
} from './validate/scalars.js';
import { SPOOL } from './validate/spool.js';

/** The checked options of one source. */
export type ReadOptions = Partial<Omit<Settings, 'routes'>> & ReadDestination & ReadRouting;

/** A source of options. */
export interface Source {
  readonly kind: 'code' | 'environment' | 'file';
  readonly read: ReadOptions;
  /** Returns the name of an option in this source: a variable's name, or a path in the file. */
  readonly nameOf: (path: string) => string;
}

/** Reports an error in the environment or the file, which never throws. */
export type Warn = (warning: string) => void;

const METER_PROVIDER: Check<MeterProvider> = {
  expected: 'a MeterProvider of @opentelemetry/api',
  read: (value) => (isObject(value) && typeof value.getMeter === 'function' ? (value as never) : undefined),
};

/**
 * The checks of all options. A new option needs a line here, in options.ts, settings.ts, resolve.ts (its default) and
 * env.ts, if it has a variable. An option of routes also needs its check in validate/routes.ts and its place in
 * resolve-routes.ts.
 */
const CHECKS: { readonly [Name in keyof SlackExporterOptions]-?: Check<unknown> } = {
  ...DESTINATION_FIELDS,
  minSeverity: SEVERITY,
  routes: ROUTES,
  mention: MENTION,
  quietHours: QUIET_HOURS,
  fallback: FALLBACK,
  filter: aFunction<RecordFilter>('(record) => boolean'),
  fingerprint: aFunction<RecordFingerprint>('(record, standard) => string'),
  render: aFunction<MessageRenderer>('(groups, standard, totals) => message'),
  traceUrl: TRACE_URL,
  attributes: TEXTS,
  denyAttributes: TEXTS,
  redact: REDACT,
  timeoutMillis: wholeNumber(1, 60_000, 'milliseconds'),
  flushTimeoutMillis: wholeNumber(1, 600_000, 'milliseconds'),
  lastWords: BOOLEAN,
  spool: SPOOL,
  maxQueueSize: wholeNumber(1, 1_000_000, 'records'),
  maxExportBatchSize: wholeNumber(1, 1_000_000, 'records'),
  scheduledDelayMillis: wholeNumber(1, 60_000, 'milliseconds'),
  selfObsMeterProvider: METER_PROVIDER,
};

/**
 * Reads the options in code.
 * @throws {OptionError} when one is wrong
 */
export function readCode(options: SlackExporterOptions): Source {
  if (typeof options !== 'object' || options === null) {
    throw new OptionError('options', `expected an object, got ${options === null ? 'null' : typeof options}`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) read[name] = checkedField(name, value, '', CHECKS as Fields<SlackExporterOptions>);
  }
  checkTopLevelDestination(read);
  return { kind: 'code', read, nameOf: (path) => path };
}

/** Rejects a webhook together with a channel. A token beside a webhook is allowed for routes and a fallback. */
function checkTopLevelDestination({ webhookUrl, token, channel, routes, fallback }: ReadOptions): void {
  const isTokenShared = routes !== undefined || fallback !== undefined;
  if (webhookUrl === undefined || (channel === undefined && (token === undefined || isTokenShared))) return;
  throw new OptionError('webhookUrl', 'expected either webhookUrl, or token and channel, got both');
}

/** Reads the options in the environment. A wrong variable causes a warning and is ignored. */
export function readEnvironment(environment: Environment, warn: Warn): Source {
  const read: Record<string, unknown> = {};
  for (const name of unknownVariables(environment)) {
    warn(
      `${name}: there is no such variable; expected one of ${KNOWN_VARIABLES.join(', ')}${didYouMean(name, KNOWN_VARIABLES)}`,
    );
  }
  for (const variable of VARIABLES) {
    const value = fromEnvironment(variable, environment);
    if (value === undefined) continue;
    const check = CHECKS[variable.option];
    catchOptionError(
      () => {
        read[variable.option] = checked(variable.name, value, check);
      },
      (problem) => warn(`${problem}; the variable is ignored`),
    );
  }
  return { kind: 'environment', read, nameOf: (path) => VARIABLES.find(({ option }) => option === path)?.name ?? path };
}

/** Reads the options in the file. A wrong option causes a warning and is ignored. */
export function readFile(file: ConfigFile | undefined, warn: Warn): Source {
  const read: Record<string, unknown> = {};
  const label = file === undefined ? '' : labelOf(file.path);
  const nameOf = (path: string): string => `${label}: ${path}`;
  // One wrong route makes all routes ignored. With the remaining routes, records could reach a wrong channel.
  const ignore = (problem: string): void => warn(`${nameOf(problem)}; the option ${optionOf(problem)} is ignored`);
  if (file?.problem !== undefined) warn(`${nameOf(file.problem)}; the file is ignored`);
  for (const [name, value] of Object.entries(file?.options ?? {})) {
    catchOptionError(() => {
      read[name] = checkedField(name, value, '', CHECKS as Fields<SlackExporterOptions>);
    }, ignore);
  }
  catchOptionError(
    () => checkTopLevelDestination(read),
    (problem) => {
      delete read.webhookUrl;
      ignore(problem);
    },
  );
  return { kind: 'file', read, nameOf };
}

/**
 * Returns the name of the file for a warning. The path is not shown when it looks like a secret, set there by mistake.
 */
function labelOf(path: string): string {
  const [name = ''] = path.split(/[/\\]/).slice(-1);
  return [path, name].find(isShowable) ?? 'the file of OTEL_EXPORTER_SLACK_CONFIG';
}

function catchOptionError(read: () => void, onProblem: (problem: string) => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    onProblem(error.problem);
  }
}

/** Returns the option of a problem, whose text begins with the option's path. */
function optionOf(problem: string): string {
  return /^\w+/.exec(problem)?.[0] ?? '';
}
