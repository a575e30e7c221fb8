import {
  API_URL,
  aFunction,
  CHANNEL,
  type Check,
  checked,
  OptionError,
  SEVERITY,
  TEXTS,
  TOKEN,
  TRACE_URL,
  WEBHOOK_URL,
  wholeNumber,
} from './checks.js';
import { type Environment, fromEnvironment, unknownVariables, VARIABLES } from './env.js';
import type { Destination } from './message.js';
import type { MessageRenderer, RecordFilter, RecordFingerprint, Settings, SlackExporterOptions } from './settings.js';

/** Checks of all options. To add an option: here, in settings.ts, and in env.ts. */
const CHECKS: { readonly [Name in keyof SlackExporterOptions]-?: Check<unknown> } = {
  webhookUrl: WEBHOOK_URL,
  token: TOKEN,
  channel: CHANNEL,
  apiUrl: API_URL,
  minSeverity: SEVERITY,
  filter: aFunction<RecordFilter>('(record) => boolean'),
  fingerprint: aFunction<RecordFingerprint>('(record, standard) => string'),
  render: aFunction<MessageRenderer>('(groups, standard, totals) => message'),
  traceUrl: TRACE_URL,
  attributes: TEXTS,
  timeoutMillis: wholeNumber(1, 60_000, 'milliseconds'),
  flushTimeoutMillis: wholeNumber(1, 600_000, 'milliseconds'),
  maxQueueSize: wholeNumber(1, 1_000_000, 'records'),
  maxExportBatchSize: wholeNumber(1, 1_000_000, 'records'),
  scheduledDelayMillis: wholeNumber(1, 60_000, 'milliseconds'),
};

const DEFAULT_API_URL = 'https://slack.com/api/';

const DEFAULTS: Omit<Settings, 'destination'> = {
  minSeverity: 17,
  filter: undefined,
  fingerprint: undefined,
  render: undefined,
  traceUrl: undefined,
  attributes: [],
  timeoutMillis: 10_000,
  flushTimeoutMillis: 10_000,
  maxQueueSize: 2_048,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 1_000,
};

/** Options after their checks, from one source: what it says of the destination, and settings. */
type Read = Partial<Omit<Settings, 'destination'> & DestinationOptions>;

interface DestinationOptions {
  readonly webhookUrl: string;
  readonly token: string;
  readonly channel: string;
  readonly apiUrl: string;
}

/** What {@link resolveOptions} came to. */
export interface ResolvedOptions {
  readonly settings: Settings;
  /** What is wrong with the environment; the defaults hold instead. */
  readonly warnings: readonly string[];
}

/**
 * Options from code, then from the environment, then defaults, settled once and frozen.
 * @throws {OptionError} when an option in code is wrong. A wrong variable only warns.
 */
export function resolveOptions(options: SlackExporterOptions, environment: Environment): ResolvedOptions {
  const code = readCode(options);
  const { read: env, warnings } = readEnvironment(environment);
  const place = findDestination(code, env);
  const { webhookUrl, token, channel, apiUrl, ...both } = { ...DEFAULTS, ...env, ...code };
  checkBatch(code.maxExportBatchSize, both.maxQueueSize);
  const settings: Settings = Object.freeze({
    ...both,
    destination: place.destination,
    maxExportBatchSize: Math.min(both.maxExportBatchSize, both.maxQueueSize),
  });
  return { settings, warnings: [...warnings, ...place.warnings] };
}

function readCode(options: SlackExporterOptions): Read {
  if (typeof options !== 'object' || options === null) {
    throw new OptionError(`options: expected an object, got ${options === null ? 'null' : typeof options}`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(CHECKS, name))
      throw new OptionError(`${name}: expected one of ${optionNames()}, got an option of that name`);
    read[name] = checked(name, value, CHECKS[name as keyof SlackExporterOptions]);
  }
  checkDestination(read as Read);
  return read as Read;
}

function optionNames(): string {
  return Object.keys(CHECKS).join(', ');
}

function checkDestination({ webhookUrl, token, channel }: Read): void {
  if (webhookUrl !== undefined && (token !== undefined || channel !== undefined)) {
    throw new OptionError('webhookUrl: expected either webhookUrl, or token and channel, got both');
  }
}

function checkBatch(maxExportBatchSize: number | undefined, maxQueueSize: number): void {
  if (maxExportBatchSize === undefined || maxExportBatchSize <= maxQueueSize) return;
  throw new OptionError(
    `maxExportBatchSize: expected at most maxQueueSize (${maxQueueSize}), got ${maxExportBatchSize}`,
  );
}

function readEnvironment(environment: Environment): { read: Read; warnings: readonly string[] } {
  const read: Record<string, unknown> = {};
  const names = VARIABLES.map(({ name }) => name).join(', ');
  const warnings = unknownVariables(environment).map(
    (name) => `${name}: there is no such variable; there are ${names}`,
  );
  for (const variable of VARIABLES) {
    const value = fromEnvironment(variable, environment);
    if (value === undefined) continue;
    try {
      read[variable.option] = checked(variable.name, value, CHECKS[variable.option]);
    } catch (error) {
      warnings.push(`${(error as OptionError).message}; the variable is ignored`);
    }
  }
  return { read: read as Read, warnings };
}

interface Place {
  readonly destination: Destination | undefined;
  readonly warnings: readonly string[];
}

/** A destination from code wins whole: a webhook in code is not mixed with a token of the environment. */
function findDestination(code: Read, env: Read): Place {
  const apiUrl = code.apiUrl ?? env.apiUrl ?? DEFAULT_API_URL;
  if (code.webhookUrl !== undefined) return { destination: webhook(code.webhookUrl), warnings: [] };
  const token = code.token ?? env.token;
  const channel = code.channel ?? env.channel;
  if (token !== undefined && channel !== undefined) {
    return { destination: { kind: 'channel', token, channel, apiUrl }, warnings: ambiguity(env) };
  }
  if (code.token !== undefined)
    throw new OptionError('channel: expected the channel to post to with the token, got none');
  if (env.webhookUrl !== undefined && code.channel === undefined) {
    return { destination: webhook(env.webhookUrl), warnings: incomplete(env) };
  }
  return { destination: undefined, warnings: [...incomplete(env), NO_DESTINATION] };
}

const NO_DESTINATION =
  'nothing will be sent to Slack: no destination is set. Set OTEL_EXPORTER_SLACK_WEBHOOK_URL, or ' +
  'OTEL_EXPORTER_SLACK_TOKEN and OTEL_EXPORTER_SLACK_CHANNEL, or give webhookUrl, or token and channel, in code';

function webhook(url: string): Destination {
  return { kind: 'webhook', url };
}

function ambiguity(env: Read): readonly string[] {
  if (env.webhookUrl === undefined) return [];
  return ['OTEL_EXPORTER_SLACK_WEBHOOK_URL is ignored, because a token and a channel are set'];
}

function incomplete({ token, channel }: Read): readonly string[] {
  if (token !== undefined)
    return ['OTEL_EXPORTER_SLACK_TOKEN is ignored, because OTEL_EXPORTER_SLACK_CHANNEL is not set'];
  if (channel !== undefined)
    return ['OTEL_EXPORTER_SLACK_CHANNEL is ignored, because OTEL_EXPORTER_SLACK_TOKEN is not set'];
  return [];
}
