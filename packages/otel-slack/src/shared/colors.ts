import { WriteStream } from 'node:tty';
import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Environment } from '../../../../src/config/index.js';
import type { Output } from './command.js';

/** Bits of color that a terminal shows, as Node counts them, and chalk's level for each. */
const CHALK_LEVELS: Readonly<Record<number, ColorSupportLevel>> = { 1: 0, 4: 1, 8: 2, 24: 3 };

/** Colors for a terminal; for a file or a pipe only with `FORCE_COLOR`. `NO_COLOR` turns them off. */
export function createColors({ isTTY }: Output, environment: Environment): ChalkInstance {
  const isWanted = isTTY === true || environment.FORCE_COLOR !== undefined;
  // Taken from the prototype: the answer depends on the environment alone, and a pipe has no such method.
  const depth = isWanted ? WriteStream.prototype.getColorDepth(environment) : 1;
  return new Chalk({ level: CHALK_LEVELS[depth] ?? 0 });
}
