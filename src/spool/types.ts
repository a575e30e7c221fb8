import type { Clock } from '../util/clock.js';
import type { Files } from './disk/files.js';
import type { KeyValueEntry } from './key-value-log.js';

/** Options of `openSpool()`. */
export interface SpoolOptions {
  /** Where the files are; made when missing. It must belong to us, and not everybody may write to it. */
  readonly directory: string;
  /** No more than this in the directory, all processes together. */
  readonly maxBytes: number;
  /** What a dead process left behind longer ago than this is dropped. */
  readonly maxAgeMillis: number;
  readonly clock: Clock;
  /** A new random id each time: our name among the processes, and the names of the files. */
  readonly newId: () => string;
  /** Entries are only in memory, and why: once for each trouble. */
  readonly warn: (message: string) => void;
  /** The file system. Default: this machine's. */
  readonly files?: Files;
}

/**
 * Values that outlive the process, in a directory that several processes may share. Each is given back once, to one
 * process, until somebody acknowledges it. Nothing here ever throws, rejects or keeps the process alive.
 */
export interface Spool {
  /** Stores JSON values, on the disk once it resolves with `isDurable`. Otherwise nothing of them is stored. */
  append(values: readonly unknown[]): Promise<Appended>;
  /** The same at once, for the end of a process. Whether they are on the disk. */
  appendSync(values: readonly unknown[]): boolean;
  /** They are delivered, or never will be: nobody gets them again. */
  acknowledge(ids: readonly string[]): void;
  /** What processes that are dead left behind, as it becomes known that they are. Nothing is taken from them before this is called. */
  onRecovered(listener: (entries: readonly RecoveredEntry[]) => void): void;
  /** What of it was older than `maxAgeMillis`: it is acknowledged already. */
  onExpired(listener: (values: readonly unknown[]) => void): void;
  /** Ids that belong to another process now, which took us for dead because we slept: it delivers them. */
  onTaken(listener: (ids: readonly string[]) => void): void;
  /** Call it before a delivery: if this process has slept for long, it finds out first what was taken. Else it costs nothing. */
  verify(): Promise<void>;
  /** Keeps the latest value of a key, a JSON value of at most 16 KB; 2,000 keys, the latest. */
  put(key: string, value: unknown): void;
  /** What all processes remember, living and dead, newest first. */
  readAll(): Promise<readonly KeyValueEntry[]>;
  stats(): SpoolStats;
  /** Resolves when what was acknowledged and remembered until now is written, and no look at the others is under way. */
  flush(): Promise<void>;
  /** Leaves what is not acknowledged to the next process, which need not wait until it knows that we are dead. */
  close(): Promise<void>;
  /**
   * The same at once, in an `exit` handler. Give it all values that are not on the disk for sure, also those of an append() that
   * has not resolved: what that one may still write is void. Whether they are on the disk.
   */
  closeSync(values?: readonly unknown[]): boolean;
}

/** What became of an append. */
export interface Appended {
  /** In the order of the values; none when they are not on the disk. */
  readonly ids: readonly string[];
  readonly isDurable: boolean;
}

/** What a dead process left behind. */
export interface RecoveredEntry {
  readonly id: string;
  readonly value: unknown;
  /** Wall clock, milliseconds since 1970; never in the future. */
  readonly writtenAtMillis: number;
}

/** Figures since the start. */
export interface SpoolStats {
  /** In the directory, as far as it is known at this moment. */
  readonly bytes: number;
  /** Entries on the disk that are ours and not acknowledged. */
  readonly pending: number;
  /** Entries of dead processes that were given to onRecovered(). */
  readonly recovered: number;
  /** Entries of dead processes that could not be read: at least so many. */
  readonly damaged: number;
  /** Entries of dead processes that were older than `maxAgeMillis`. */
  readonly expired: number;
  /** Entries that went to another process while we slept. */
  readonly taken: number;
  /** Entries whose file somebody removed: they are only in memory. */
  readonly vanished: number;
  /** Why entries are only in memory now; undefined when all is well. */
  readonly trouble: string | undefined;
}
