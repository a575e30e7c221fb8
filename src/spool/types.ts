import type { Clock } from '../util/index.js';
import type { Files } from './disk/files.js';
import type { KeyValueEntry } from './key-value-log.js';

/** Options of `openSpool()`. */
export interface SpoolOptions {
  /** The directory of the files. It is created if it is missing. It must belong to the user of the process, and must not be writable by all. */
  readonly directory: string;
  /** The highest size of all files in the directory, for all processes together. */
  readonly maxBytes: number;
  /** Entries of dead processes that are older than this are dropped. */
  readonly maxAgeMillis: number;
  readonly clock: Clock;
  /** Returns a new random id, for the name of this process and of its files. */
  readonly newId: () => string;
  /** Called with the reason when entries are in memory only; once for each cause. */
  readonly warn: (message: string) => void;
  /** The file system. Default: this machine's. */
  readonly files?: Files;
  /** An operation on the disk that takes longer is given up, and the disk counts as hanging until it answers. Default: 3 s. */
  readonly maxOperationMillis?: number;
}

/**
 * Stores values that outlive the process, in a directory that several processes may share. When a process dies, exactly
 * one other process recovers its entries that are not acknowledged. No method throws, rejects or keeps the process alive.
 */
export interface Spool {
  /** The random name of this process in the directory. It is unique, also where processes share pids. */
  readonly id: string;
  /** Saves JSON values, as far as the disk takes them. */
  append(values: readonly unknown[]): Promise<Appended>;
  /** Saves JSON values synchronously, at the end of a process. Returns whether they are on the disk. */
  appendSync(values: readonly unknown[]): boolean;
  /** Marks entries as delivered or dropped, so that no process recovers them. */
  acknowledge(ids: readonly string[]): void;
  /** Receives the entries of dead processes, as soon as each is known to be dead. None is adopted before this is called. */
  onRecovered(listener: (entries: readonly RecoveredEntry[]) => void): void;
  /** Receives the values of entries that are older than `maxAgeMillis`. They are acknowledged already. */
  onExpired(listener: (values: readonly unknown[]) => void): void;
  /** Receives the ids of entries that another process adopted while this one slept. The other process delivers them. */
  onTaken(listener: (ids: readonly string[]) => void): void;
  /** Receives the ids of entries whose file is gone. They are in memory only, and should be appended again. */
  onVanished(listener: (ids: readonly string[]) => void): void;
  /** Called when values that could not be saved should be appended again, because the disk works again. */
  onRetry(listener: () => void): void;
  /**
   * Call it before each delivery. After a long sleep it finds adopted entries and calls `onTaken` first; otherwise it does
   * nothing. Takes at most a second, and does not wait for a disk that hangs.
   */
  verify(): Promise<void>;
  /** Finds entries whose file is gone, and calls `onVanished` or `onTaken` first. Does not wait for a disk that hangs. */
  check(): Promise<void>;
  /** The synchronous form of check(), at the end of a process. Calls `onVanished` only. */
  checkSync(): void;
  /**
   * Stores the latest value of a key: a JSON value of at most 16 KB. At most the newest 2,000 keys are kept. A key that begins
   * with `!` ends with its process: it is not kept when the process is dead.
   */
  put(key: string, value: unknown): void;
  /** Returns the latest values of all processes, living and dead, newest first. */
  readAll(): Promise<readonly KeyValueEntry[]>;
  /** Returns the heartbeats in the directory, by the ids of their processes; `undefined` when they cannot be read. */
  heartbeats(): Promise<Heartbeats | undefined>;
  stats(): SpoolStats;
  /** Resolves when all acknowledgements and key values are written and no adoption is running. */
  flush(): Promise<void>;
  /** Closes the spool and removes the heartbeat, so that another process can adopt the remaining entries at once. */
  close(): Promise<void>;
  /**
   * Closes the spool synchronously, in an `exit` handler. The values of an append() that has not resolved must be passed
   * too, because that append is void from now on. Returns whether the values are on the disk.
   * @param values - all values that may not be on the disk
   */
  closeSync(values?: readonly unknown[]): boolean;
}

/** The heartbeats of processes, by id: whether the last one is recent. A process without one is dead. */
export type Heartbeats = ReadonlyMap<string, 'recent' | 'silent'>;

/** The result of an append. */
export interface Appended {
  /** The ids of the entries, in the order of the values; an empty text for a value that is not on the disk. Empty when none is. */
  readonly ids: readonly string[];
  /** All values are on the disk. */
  readonly isDurable: boolean;
}

/** An entry of a dead process. */
export interface RecoveredEntry {
  readonly id: string;
  readonly value: unknown;
  /** Wall clock, milliseconds since 1970; never in the future. */
  readonly writtenAtMillis: number;
}

/** The state of a spool, and counts since its start. */
export interface SpoolStats {
  /** The size of all files in the directory, as far as it is known. */
  readonly bytes: number;
  /** Entries of this process that are on the disk and not acknowledged. */
  readonly pending: number;
  /** Entries of dead processes that were passed to onRecovered(). */
  readonly recovered: number;
  /** The least number of entries of dead processes that could not be read. */
  readonly damaged: number;
  /** Entries of dead processes that were older than `maxAgeMillis`. */
  readonly expired: number;
  /** Entries that another process adopted while this one slept. */
  readonly taken: number;
  /** Entries whose file somebody removed. They were in memory only until they were appended again. */
  readonly vanished: number;
  /** The failure because of which entries are in memory only at the moment; undefined when the spool works. */
  readonly failure: string | undefined;
}
