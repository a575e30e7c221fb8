import { randomBytes } from 'node:crypto';
import { WriteStream } from 'node:tty';
import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Environment } from '../../../../src/config/index.js';
import type { Output } from './command.js';

/** Returns a text in a style. */
export type Style = (text: string) => string;

/** Styles for a terminal. The text of a style does not contain another style. */
export interface Colors {
  readonly isOn: boolean;
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly green: Style;
  readonly yellow: Style;
  readonly link: Style;
  /** A color as Slack writes it, `#d92d20`. */
  readonly hex: (color: string) => Style;
}

/**
 * Takes the place of the escape character in our own styles until the text reaches the terminal. Nobody outside of this
 * process can guess it, so every other escape character is of unknown origin.
 */
const STYLE_MARK = `\ufdd0${randomBytes(8).toString('hex')}\ufdd1`;
const ESCAPE = '\u001b';

/** Bits of color that a terminal shows, as Node counts them, and chalk's level for each. */
const CHALK_LEVELS: Readonly<Record<number, ColorSupportLevel>> = { 1: 0, 4: 1, 8: 2, 24: 3 };

/** Colors for a terminal; for a file or a pipe only with `FORCE_COLOR`. `NO_COLOR` turns them off. */
export function createColors({ isTTY }: Pick<Output, 'isTTY'>, environment: Environment): Colors {
  const isWanted = isTTY === true || environment.FORCE_COLOR !== undefined;
  // Taken from the prototype: the answer depends on the environment alone, and a pipe has no such method.
  const depth = isWanted ? WriteStream.prototype.getColorDepth(environment) : 1;
  return colorsOf(new Chalk({ level: CHALK_LEVELS[depth] ?? 0 }));
}

/** All styles, also for a text whose output is not known yet. The terminal removes them where they are off. */
export const ALL_COLORS: Colors = colorsOf(new Chalk({ level: 1 }));

function colorsOf(chalk: ChalkInstance): Colors {
  return {
    isOn: chalk.level > 0,
    bold: styleOf(chalk.bold),
    dim: styleOf(chalk.dim),
    red: styleOf(chalk.red),
    green: styleOf(chalk.green),
    yellow: styleOf(chalk.yellow),
    link: styleOf(chalk.cyan.underline),
    hex: (color) => styleOf(chalk.hex(color)),
  };
}

function styleOf(style: ChalkInstance): Style {
  const [start = '', end = ''] = style('\0').split('\0');
  const [marked, markedEnd] = [start.replaceAll(ESCAPE, STYLE_MARK), end.replaceAll(ESCAPE, STYLE_MARK)];
  return (text) => `${marked}${text}${markedEnd}`;
}

/** Splits a text at the styles. Each part but the first begins with the rest of a style, such as `[31m`. */
export function splitAtStyles(text: string): readonly string[] {
  return text.split(STYLE_MARK);
}
