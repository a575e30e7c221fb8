import * as fs from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { isMissing } from './errors.js';

/** What the spool needs of a file system; handed in, so that a test can fill the disk. All of it throws Node's errors. */
export interface Files {
  list(directory: string): Promise<readonly string[]>;
  /** Of the thing itself, not of what a symbolic link names. */
  facts(path: string): Promise<Facts>;
  makeDirectory(path: string): Promise<void>;
  /** A new file, for its owner alone; it must not be there yet. */
  create(path: string, mode: WriteMode): Promise<OpenFile>;
  /** One that is there. */
  open(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  readonly sync: SyncFiles;
}

/** The same for the end of a process, when nothing asynchronous runs any more. */
export interface SyncFiles {
  facts(path: string): Facts;
  makeDirectory(path: string): void;
  create(path: string): number;
  /** To append to one that is there. */
  open(path: string): number;
  /** How many bytes it wrote: on a full disk fewer than it was given. */
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
  close(descriptor: number): void;
  remove(path: string): void;
}

/** Appended to, or written anew at its start each time. */
export type WriteMode = 'append' | 'overwrite';

/** What `lstat` says. */
export interface Facts {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  readonly isLink: boolean;
  readonly mode: number;
  readonly owner: number;
  readonly size: number;
}

/** A file that is open for reading and writing. */
export interface OpenFile {
  /** How many bytes it wrote: on a full disk fewer than it was given. */
  write(bytes: Uint8Array): Promise<number>;
  read(into: Uint8Array, position: number): Promise<number>;
  datasync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = fs.constants;
// A link in the directory of a file leads elsewhere. Windows has no such flag.
const NO_LINKS = fs.constants.O_NOFOLLOW ?? 0;
const NEW = O_RDWR | O_CREAT | O_EXCL | NO_LINKS;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** The file system of this machine. */
export const systemFiles: Files = {
  list: (directory) => readdir(directory),
  facts: async (path) => toFacts(await lstat(path)),
  async makeDirectory(path) {
    try {
      await mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    } catch (error) {
      // With `recursive`, Node says ENOENT of a file system that is read-only; without, it says what it is.
      if (!isMissing(error)) throw error;
      await mkdir(path, { mode: OWNER_ONLY_DIRECTORY });
    }
  },
  create: async (path, mode) =>
    toOpenFile(await open(path, mode === 'append' ? NEW | O_APPEND : NEW, OWNER_ONLY), mode),
  open: async (path) => toOpenFile(await open(path, O_RDWR | O_APPEND | NO_LINKS), 'append'),
  rename,
  remove: unlink,
  sync: {
    facts: (path) => toFacts(fs.lstatSync(path)),
    makeDirectory: (path) => void fs.mkdirSync(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY }),
    create: (path) => fs.openSync(path, NEW | O_APPEND, OWNER_ONLY),
    open: (path) => fs.openSync(path, O_RDWR | O_APPEND | NO_LINKS),
    write: (descriptor, bytes) => fs.writeSync(descriptor, bytes),
    sync: (descriptor) => fs.fsyncSync(descriptor),
    close: (descriptor) => fs.closeSync(descriptor),
    remove: (path) => fs.unlinkSync(path),
  },
};

function toFacts(stats: fs.Stats): Facts {
  return {
    isDirectory: stats.isDirectory(),
    isFile: stats.isFile(),
    isLink: stats.isSymbolicLink(),
    mode: stats.mode,
    owner: stats.uid,
    size: stats.size,
  };
}

function toOpenFile(handle: FileHandle, mode: WriteMode): OpenFile {
  return {
    async write(bytes) {
      const position = mode === 'overwrite' ? 0 : null;
      return (await handle.write(bytes, 0, bytes.length, position)).bytesWritten;
    },
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    datasync: () => handle.datasync(),
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}
