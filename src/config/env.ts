import type { SlackExporterOptions } from './options.js';

/** An environment variable for an option. */
export interface Variable {
  readonly option: keyof SlackExporterOptions;
  readonly name: string;
  /**
   * Returns the option's value from a non-empty text. Returns an unreadable text unchanged; the check then rejects it.
   */
  readonly parse: (text: string) => unknown;
}

const PREFIX = 'OTEL_EXPORTER_SLACK_';

/** The variables. Every option that is one value or a list of values has one. */
export const VARIABLES: readonly Variable[] = [
  variable('webhookUrl', 'WEBHOOK_URL', asText),
  variable('token', 'TOKEN', asText),
  variable('channel', 'CHANNEL', asText),
  variable('apiUrl', 'API_URL', asText),
  variable('minSeverity', 'MIN_SEVERITY', asNumberOrText),
  variable('mention', 'MENTION', asMention),
  variable('traceUrl', 'TRACE_URL', asText),
  variable('attributes', 'ATTRIBUTES', asList),
  variable('denyAttributes', 'DENY_ATTRIBUTES', asList),
  variable('redact', 'REDACT', asBoolean),
  variable('timeoutMillis', 'TIMEOUT', asNumberOrText),
  variable('flushTimeoutMillis', 'FLUSH_TIMEOUT', asNumberOrText),
  variable('lastWords', 'LAST_WORDS', asBoolean),
  variable('spool', 'SPOOL_DIRECTORY', asDirectory),
  variable('maxQueueSize', 'MAX_QUEUE_SIZE', asNumberOrText),
  variable('maxExportBatchSize', 'MAX_EXPORT_BATCH_SIZE', asNumberOrText),
  variable('scheduledDelayMillis', 'SCHEDULE_DELAY', asNumberOrText),
];

/** The variable with the path of the JSON file with options. */
const CONFIG_VARIABLE = `${PREFIX}CONFIG`;

/** The names of all variables. */
export const KNOWN_VARIABLES: readonly string[] = [...VARIABLES.map(({ name }) => name), CONFIG_VARIABLE];

/** An environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns an option's value from the environment, or `undefined` when its variable is absent or empty. */
export function fromEnvironment({ name, parse }: Variable, environment: Environment): unknown {
  const text = environment[name]?.trim();
  return text ? parse(text) : undefined;
}

/** Returns the path of the JSON file with options, or `undefined` when none is set. */
export function configPath(environment: Environment): string | undefined {
  return environment[CONFIG_VARIABLE]?.trim() || undefined;
}

/** Returns the variables with our prefix that do not exist. Their names are probably misspelt. */
export function unknownVariables(environment: Environment): readonly string[] {
  const known = new Set(KNOWN_VARIABLES);
  return Object.keys(environment).filter(
    (name) => name.startsWith(PREFIX) && !known.has(name) && environment[name]?.trim() !== '',
  );
}

function variable(option: keyof SlackExporterOptions, suffix: string, parse: (text: string) => unknown): Variable {
  return { option, name: PREFIX + suffix, parse };
}

function asText(text: string): unknown {
  return text;
}

function asNumberOrText(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Reads `true` and `false` in any case. Returns any other text unchanged; the check then rejects it. */
function asBoolean(text: string): unknown {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? lower === 'true' : text;
}

function asDirectory(text: string): unknown {
  return { directory: text };
}

function asList(text: string): unknown {
  return text.split(',').filter((part) => part.trim() !== '');
}

/** Reads whom to mention, separated by commas, on all occasions. */
function asMention(text: string): unknown {
  return {
    who: text
      .split(',')
      .map((who) => who.trim())
      .filter((who) => who !== ''),
  };
}
