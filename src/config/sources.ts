import type { MeterProvider } from '@opentelemetry/api';
import { didYouMean } from '../util/did-you-mean.js';
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

/** Options after their checks, those that one source gives. */
export type ReadOptions = Partial<Omit<Settings, 'routes'>> & ReadDestination & ReadRouting;

/** Where options come from. */
export interface Source {
  readonly kind: 'code' | 'environment' | 'file';
  readonly read: ReadOptions;
  /** What an option is called there: a variable's name, a path in a file. */
  readonly nameOf: (path: string) => string;
}

/** Says what is wrong and does not matter enough to throw. */
export type Warn = (warning: string) => void;

const METER_PROVIDER: Check<MeterProvider> = {
  expected: 'a MeterProvider of @opentelemetry/api',
  read: (value) => (isObject(value) && typeof value.getMeter === 'function' ? (value as never) : undefined),
};

/** Checks of all options. To add an option: here, in exporter-options.ts and settings.ts, in options.ts (its default), and in env.ts. */
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
 * The options in code.
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
  checkPlace(read);
  return { kind: 'code', read, nameOf: (path) => path };
}

/** A webhook beside a channel are two destinations. A token beside a webhook is for the routes and the fallback. */
function checkPlace({ webhookUrl, token, channel, routes, fallback }: ReadOptions): void {
  const isTokenShared = routes !== undefined || fallback !== undefined;
  if (webhookUrl === undefined || (channel === undefined && (token === undefined || isTokenShared))) return;
  throw new OptionError('webhookUrl', 'expected either webhookUrl, or token and channel, got both');
}

/** The options in the environment. A variable that is wrong is warned of and left out. */
export function readEnvironment(environment: Environment, warn: Warn): Source {
  const read: Record<string, unknown> = {};
  for (const name of unknownVariables(environment)) {
    warn(
      `${name}: there is no such variable; there are ${KNOWN_VARIABLES.join(', ')}${didYouMean(name, KNOWN_VARIABLES)}`,
    );
  }
  for (const variable of VARIABLES) {
    const value = fromEnvironment(variable, environment);
    if (value === undefined) continue;
    const check = CHECKS[variable.option];
    attempt(
      () => {
        read[variable.option] = checked(variable.name, value, check);
      },
      (problem) => warn(`${problem}; the variable is ignored`),
    );
  }
  return { kind: 'environment', read, nameOf: (path) => VARIABLES.find(({ option }) => option === path)?.name ?? path };
}

/** The options in the file. One that is wrong is warned of and left out. */
export function readFile(file: ConfigFile | undefined, warn: Warn): Source {
  const read: Record<string, unknown> = {};
  const label = file === undefined ? '' : labelOf(file.path);
  const nameOf = (path: string): string => `${label}: ${path}`;
  // One wrong route makes all of them ignored: what is left of them could go where nobody wants it.
  const ignore = (problem: string): void => warn(`${nameOf(problem)}; the option ${optionOf(problem)} is ignored`);
  if (file?.problem !== undefined) warn(`${nameOf(file.problem)}; the file is ignored`);
  for (const [name, value] of Object.entries(file?.options ?? {})) {
    attempt(() => {
      read[name] = checkedField(name, value, '', CHECKS as Fields<SlackExporterOptions>);
    }, ignore);
  }
  attempt(
    () => checkPlace(read),
    (problem) => {
      delete read.webhookUrl;
      ignore(problem);
    },
  );
  return { kind: 'file', read, nameOf };
}

/** Somebody may have put a token where the name of the file belongs. */
function labelOf(path: string): string {
  const [name = ''] = path.split(/[/\\]/).slice(-1);
  return [path, name].find(isShowable) ?? 'the file of OTEL_EXPORTER_SLACK_CONFIG';
}

function attempt(read: () => void, otherwise: (problem: string) => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    otherwise(error.problem);
  }
}

/** The option that a problem is about: it begins with a path in it. */
function optionOf(problem: string): string {
  return /^\w+/.exec(problem)?.[0] ?? '';
}
