import type { Command, CommanderError } from 'commander';
import { printableLine } from '../../../src/util/index.js';

/** The text of an error that commander found in the arguments. It never repeats the value of an unknown option. */
export function usageErrorText({ code, message }: CommanderError, program: Command, args: readonly string[]): string {
  const text = oneLineEach(message.replace(/^error: /, ''));
  if (code !== 'commander.unknownOption') return text;
  const [, name = ''] = /^unknown option '([^'=]+)/.exec(text) ?? [];
  return switchWithValueText(name, text, program, args) ?? misplacedText(name, program, args) ?? withoutValue(text);
}

/** commander calls `--json=yes` an unknown option, although `--json` is known. */
function switchWithValueText(
  name: string,
  text: string,
  program: Command,
  [commandName]: readonly string[],
): string | undefined {
  if (!text.startsWith(`unknown option '${name}=`)) return undefined;
  const command = program.commands.find((candidate) => candidate.name() === commandName) ?? program;
  const isKnown = command.options.some(({ long }) => long === name);
  return isKnown ? `option '${name}' takes no value` : undefined;
}

/** Commander's only line break is in front of its proposal. Another one is part of an argument. */
function oneLineEach(message: string): string {
  return message
    .split(/\n(?=\(Did you mean )/)
    .map(printableLine)
    .join('\n');
}

/** `otel-slack --json doctor`: options belong behind the name of their command. */
function misplacedText(name: string, program: Command, [first, ...rest]: readonly string[]): string | undefined {
  if (first === undefined || !first.startsWith('-')) return undefined;
  const command = program.commands.find((candidate) => rest.includes(candidate.name()));
  if (command === undefined) return undefined;
  return `unknown option '${name}'; options of ${command.name()} follow its name: otel-slack ${command.name()} ${name}`;
}

/** The value may be a secret that was meant for another option. */
function withoutValue(text: string): string {
  return text.replace(/^(unknown option '[^'=]+)=[\s\S]*?'(?=\n\(Did you mean|$)/, "$1'");
}
