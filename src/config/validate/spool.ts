/** Checks of the option `spool`. */

import type { SpoolingOptions } from '../options.js';
import type { SpoolSettings } from '../settings.js';
import { anObject, mapped, orFalse } from './objects.js';
import { type Check, OptionError, pathTo, wholeNumber } from './scalars.js';

const KIB = 1_024;
const MIB = 1_024 * KIB;
const HOUR = 3_600_000;

/** Accepts the path of a folder. */
const DIRECTORY: Check<string> = {
  expected: 'the path of a folder',
  read: (value) => (typeof value === 'string' && value.trim() !== '' && !value.includes('\0') ? value : undefined),
};

const FIELDS = anObject<SpoolingOptions>('an object with directory, maxBytes and maxAgeMillis', {
  directory: DIRECTORY,
  maxBytes: wholeNumber(64 * KIB, 1_024 * MIB, 'bytes'),
  maxAgeMillis: wholeNumber(1_000, 30 * 24 * HOUR, 'milliseconds'),
});

/** The check of the option `spool`, with its defaults. */
export const SPOOL: Check<SpoolSettings | false> = orFalse(
  mapped(
    {
      ...FIELDS,
      read(value, path) {
        const read = FIELDS.read(value, path);
        if (read === undefined || read.directory !== undefined) return read;
        throw new OptionError(pathTo(path, 'directory'), `expected ${DIRECTORY.expected}, got undefined`);
      },
    },
    ({ directory, maxBytes = 16 * MIB, maxAgeMillis = 24 * HOUR }) =>
      Object.freeze({ directory, maxBytes, maxAgeMillis }),
  ),
);
