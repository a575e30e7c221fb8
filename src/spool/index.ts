/** A crash-safe queue of JSON values on the disk. Other rooms import this face only. */

export type { KeyValueEntry } from './key-value-log.js';
export { openSpool } from './spool.js';
export type { Heartbeats, RecoveredEntry, Spool, SpoolOptions } from './types.js';
