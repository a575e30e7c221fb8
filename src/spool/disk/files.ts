import * as fs from 'node:fs';
import { lstat, mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { isMissing } from './errors.js';

/** The file system functions that the spool uses. Tests replace them, for example to fill the disk. Errors are those of Node.js. */
export interface Files {
  list(directory: string): Promise<readonly string[]>;
  /** Returns the facts of the path itself, not of the target of a symbolic link. */
  facts(path: string): Promise<Facts>;
  makeDirectory(path: string): Promise<void>;
  /** Creates a file that only its owner may access. Fails when it exists. */
  create(path: string, mode: WriteMode): Promise<OpenFile>;
  /** Opens an existing file. */
  open(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  readonly sync: SyncFiles;
}

/** The synchronous functions, for the end of a process, when nothing asynchronous runs any more. */
export interface SyncFiles {
  facts(path: string): Facts;
  makeDirectory(path: string): void;
  create(path: string): number;
  /** Opens an existing file to append to it. */
  open(path: string): number;
  /** Returns how many bytes it wrote. On a full disk these may be fewer than given. */
  write(descriptor: number, bytes: Uint8Array): number;
  sync(descriptor: number): void;
  close(descriptor: number): void;
  remove(path: string): void;
}

/** Each write appends to the file, or overwrites its start. */
export type WriteMode = 'append' | 'overwrite';

/** The part of the result of `lstat` that the spool uses. */
export interface Facts {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  readonly isLink: boolean;
  readonly mode: number;
  readonly owner: number;
  readonly size: number;
  /** When the file was last written, by the clock of its disk, in milliseconds since 1970. */
  readonly writtenMillis: number;
}

/** A file that is open for reading and writing. */
export interface OpenFile {
  /** Returns how many bytes it wrote. On a full disk these may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  read(into: Uint8Array, position: number): Promise<number>;
  datasync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = fs.constants;
// A symbolic link could lead out of the directory. Windows has no such flag.
const NO_LINKS = fs.constants.O_NOFOLLOW ?? 0;
const NEW = O_RDWR | O_CREAT | O_EXCL | NO_LINKS;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** Other packages wrap the functions of `node:fs` such that `promisify()` gives other results, so this does not use it. */
function call<T>(run: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result)));
  });
}

function open(path: string, flags: number): Promise<number> {
  return call((done) => fs.open(path, flags, OWNER_ONLY, done));
}

/** The file system of this machine. */
export const systemFiles: Files = {
  list: (directory) => readdir(directory),
  facts: async (path) => toFacts(await lstat(path)),
  async makeDirectory(path) {
    try {
      await mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    } catch (error) {
      // With `recursive`, Node.js reports ENOENT for a read-only file system. Without it, the error names the cause.
      if (!isMissing(error)) throw error;
      await mkdir(path, { mode: OWNER_ONLY_DIRECTORY });
    }
  },
  create: async (path, mode) => toOpenFile(await open(path, mode === 'append' ? NEW | O_APPEND : NEW), mode),
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
    writtenMillis: stats.mtimeMs,
  };
}

function toOpenFile(descriptor: number, mode: WriteMode): OpenFile {
  const position = mode === 'overwrite' ? 0 : null;
  return {
    write: (bytes) => call<number>((done) => fs.write(descriptor, bytes, 0, bytes.length, position, done)),
    read: (into, at) => call<number>((done) => fs.read(descriptor, into, 0, into.length, at, done)),
    datasync: () => call<void>((done) => fs.fdatasync(descriptor, done as fs.NoParamCallback)),
    size: async () => (await call<fs.Stats>((done) => fs.fstat(descriptor, done))).size,
    close: () => call<void>((done) => fs.close(descriptor, done as fs.NoParamCallback)),
  };
}
