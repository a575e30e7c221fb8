import { parseArgs } from 'node:util';
import { nearest } from '../../../../src/util/did-you-mean.js';
import { type Command, type Given, type OptionSpec, UsageError } from './command.js';

/** What stands behind the name of a command. */
export interface ReadArguments {
  readonly given: Given;
  readonly positionals: readonly string[];
}

/**
 * Reads the arguments of a command. `--help` and `-h` are known to all of them.
 * @throws {UsageError} when one is unknown, lacks its value, or is too much
 */
export function readArguments(command: Command, args: readonly string[]): ReadArguments {
  const options: Readonly<Record<string, OptionSpec>> = { ...command.options, help: { help: '' } };
  const { tokens } = parseArgs({
    args: [...args],
    // What is wrong is said in our words, which takes the tokens and not the exceptions.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(
        Object.entries(options).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }] as const),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const given: Record<string, string | true> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') given[token.name] = readValue(token, options, command);
  }
  if (!given.help) checkCount(command, positionals);
  return { given, positionals };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function readValue(
  { name, rawName, value, inlineValue }: OptionToken,
  options: Readonly<Record<string, OptionSpec>>,
  command: Command,
): string | true {
  if (!Object.hasOwn(options, name)) {
    const meant = nearest(name, Object.keys(options));
    const hint = meant === undefined ? `there are ${listOf(options)}` : `did you mean --${meant}?`;
    throw new UsageError(`${rawName}: ${command.name} has no such option; ${hint}`);
  }
  const wanted = options[name]?.value;
  if (wanted === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName}: expected no value, got one`);
    return true;
  }
  const isMissing = value === undefined || value === '' || (!inlineValue && value.length > 1 && value.startsWith('-'));
  if (isMissing) throw new UsageError(`${rawName}: expected a value, as in ${rawName} ${wanted}, got none`);
  return value;
}

function listOf(options: Readonly<Record<string, OptionSpec>>): string {
  return Object.keys(options)
    .map((name) => `--${name}`)
    .join(', ');
}

function checkCount({ name, positionals: wanted = [] }: Command, got: readonly string[]): void {
  const missing = wanted[got.length];
  if (missing !== undefined) throw new UsageError(`expected ${missing}, as in otel-slack ${name} ${missing}, got none`);
  const surplus = got[wanted.length];
  if (surplus !== undefined) throw new UsageError(`${JSON.stringify(surplus)}: ${name} takes no more than that`);
}

/**
 * The value of an option as a whole number.
 * @throws {UsageError} when it is none
 */
export function wholeNumberOf(given: Given, name: string, min: number, max: number): number | undefined {
  const text = given[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (typeof text === 'string' && /^\d{1,9}$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
