import type { Command } from 'commander';
import { ALL_COLORS } from './colors.js';

/** A title in the help. */
export function helpTitle(text: string): string {
  return ALL_COLORS.bold(text);
}

/** Adds examples below the options of a command. */
export function addExamples(command: Command, examples: readonly string[]): void {
  command.addHelpText('after', `\n${helpTitle('Examples:')}\n${examples.map((example) => `  ${example}`).join('\n')}`);
}
