import type { SlackExporterOptions } from './options.js';

/** How an environment variable is read. */
export interface Variable {
  readonly option: keyof SlackExporterOptions;
  readonly name: string;
  /** The option's value, from a text that is not empty. What it cannot read it gives back, for the check to refuse. */
  readonly parse: (text: string) => unknown;
}

const PREFIX = 'OTEL_EXPORTER_SLACK_';

/** Every option that is one value or a list of them, and its variable. */
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
  variable('redact', 'REDACT', asTruth),
  variable('timeoutMillis', 'TIMEOUT', asNumberOrText),
  variable('flushTimeoutMillis', 'FLUSH_TIMEOUT', asNumberOrText),
  variable('lastWords', 'LAST_WORDS', asTruth),
  variable('spool', 'SPOOL_DIRECTORY', asDirectory),
  variable('maxQueueSize', 'MAX_QUEUE_SIZE', asNumberOrText),
  variable('maxExportBatchSize', 'MAX_EXPORT_BATCH_SIZE', asNumberOrText),
  variable('scheduledDelayMillis', 'SCHEDULE_DELAY', asNumberOrText),
];

/** Names the JSON file with options. */
const CONFIG_VARIABLE = `${PREFIX}CONFIG`;

/** All variables. */
export const KNOWN_VARIABLES: readonly string[] = [...VARIABLES.map(({ name }) => name), CONFIG_VARIABLE];

/** An environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says of an option, or `undefined`: a variable that is empty is the same as none. */
export function fromEnvironment({ name, parse }: Variable, environment: Environment): unknown {
  const text = environment[name]?.trim();
  return text ? parse(text) : undefined;
}

/** The path of the JSON file with options, or `undefined` when there is to be none. */
export function configPath(environment: Environment): string | undefined {
  return environment[CONFIG_VARIABLE]?.trim() || undefined;
}

/** Variables that look like ours and are none: somebody misspelt one. */
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

/** `true`, `False`: anything else is given back, for the check to refuse. */
function asTruth(text: string): unknown {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? lower === 'true' : text;
}

function asDirectory(text: string): unknown {
  return { directory: text };
}

function asList(text: string): unknown {
  return text.split(',').filter((part) => part.trim() !== '');
}

/** Who it is; the occasions are all. */
function asMention(text: string): unknown {
  return {
    who: text
      .split(',')
      .map((who) => who.trim())
      .filter((who) => who !== ''),
  };
}
