import { styleText } from 'node:util';
import type { Environment } from '../../../../src/config/env.js';
import type { Output } from './command.js';

type Style = Parameters<typeof styleText>[0];

/** Colours, where they are wanted. */
export interface Paint {
  (style: Style, text: string): string;
  /** `#e01e5a` as the terminal's 24-bit colour. */
  hex(color: string | undefined, text: string): string;
}

/** Colours only on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise (https://no-color.org). */
export function createPaint(output: Output, environment: Environment): Paint {
  const isColoured = wantsColours(output, environment);
  // Newer versions of Node look at the process's own stdout, unless told not to; older ones know no third argument.
  const style = styleText as (style: Style, text: string, options: { readonly validateStream: boolean }) => string;
  const paint = (name: Style, text: string): string =>
    isColoured && text !== '' ? style(name, text, { validateStream: false }) : text;
  return Object.assign(paint, {
    hex(color: string | undefined, text: string): string {
      const rgb = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(color ?? '')?.slice(1);
      if (!isColoured || rgb === undefined) return text;
      return `\u001b[38;2;${rgb.map((part) => Number.parseInt(part, 16)).join(';')}m${text}\u001b[39m`;
    },
  });
}

function wantsColours({ isTTY }: Output, { NO_COLOR, FORCE_COLOR, TERM }: Environment): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return !NO_COLOR && isTTY === true && TERM !== 'dumb';
}
