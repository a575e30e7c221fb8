import type { Environment } from '../../../../src/config/index.js';
import { printable } from '../../../../src/util/index.js';
import { createColors, splitAtStyles } from './colors.js';
import type { Io, Output } from './command.js';

/**
 * The only way to the terminal: every text that a command prints passes here. Names, errors and certificates come from
 * Slack, from servers and from files, so everything but our own styles is made printable.
 */
export function withSafeOutput(io: Io): Io {
  return { ...io, stdout: safeOutput(io.stdout, io.environment), stderr: safeOutput(io.stderr, io.environment) };
}

function safeOutput(output: Output, environment: Environment): Output {
  return {
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
    write: (text) => output.write(terminalText(text, createColors(output, environment).isOn)),
  };
}

/** The rest of a style, without its escape character. */
const STYLE_REST = /^\[[\d;]{1,20}m/;

function terminalText(text: string, hasColors: boolean): string {
  const [first = '', ...styled] = splitAtStyles(text);
  const parts = styled.map((part) =>
    hasColors ? `\u001b${printable(part)}` : printable(part.replace(STYLE_REST, '')),
  );
  return [printable(first), ...parts].join('');
}
