import { Chalk } from 'chalk';
import type { Command } from 'commander';

/** A title in the help. Always bold: commander removes the style where the output shows none. */
export function helpTitle(text: string): string {
  return new Chalk({ level: 1 }).bold(text);
}

/** Adds examples below the options of a command. */
export function addExamples(command: Command, examples: readonly string[]): void {
  command.addHelpText('after', `\n${helpTitle('Examples:')}\n${examples.map((example) => `  ${example}`).join('\n')}`);
}
