import { DISK_FAULTS } from './disk.js';
import type { FaultKind } from './fault.js';
import { PROCESS_FAULTS } from './process.js';
import { SLACK_FAULTS } from './slack.js';
import { WORD_FAULTS } from './word.js';

export type { Fault, FaultySeat } from './fault.js';
export { REFUSED_WORD } from './word.js';

/** All kinds of faults, by name. A new kind needs a row in one of these tables. */
export const FAULTS: Readonly<Record<string, FaultKind>> = {
  ...SLACK_FAULTS,
  ...WORD_FAULTS,
  ...DISK_FAULTS,
  ...PROCESS_FAULTS,
};
