import { closeSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Files, type OpenFile, systemFiles } from '../../src/spool/disk/files.js';
import { openSpool } from '../../src/spool/spool.js';
import type { RecoveredEntry, Spool, SpoolOptions } from '../../src/spool/types.js';
import { type ManualClock, manualClock } from './clock.js';

/** Simulates a process with a spool. It can be killed and suspended. */
export interface Owner {
  readonly spool: Spool;
  readonly clock: ManualClock;
  readonly warnings: string[];
  readonly recovered: RecoveredEntry[];
  readonly taken: string[];
  readonly files: BreakableFiles;
  /** Advances the time in steps, and flushes the spool after each. */
  pass(millis: number): Promise<void>;
  /** Advances the time while the process is suspended. Its timers fire at the next `pass()`. */
  sleep(millis: number): void;
  /** Kills the process: it touches no file any more. */
  die(): Promise<void>;
}

/** The folders and spools of a test. Call `endAll()` in `afterEach`. */
export class Owners {
  readonly #owners: Owner[] = [];
  readonly #folders: string[] = [];
  #ids = 0;

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'));
    this.#folders.push(folder);
    return join(folder, 'spool');
  }

  open(directory: string, options: Partial<Omit<SpoolOptions, 'clock'>> & { readonly isDeaf?: boolean } = {}): Owner {
    const awake = manualClock();
    let sleptMillis = 0;
    const clock: ManualClock = {
      ...awake,
      now: () => awake.now() + sleptMillis,
      monotonic: () => awake.monotonic() + sleptMillis,
    };
    const files = breakable();
    const warnings: string[] = [];
    const recovered: RecoveredEntry[] = [];
    const taken: string[] = [];
    const spool = openSpool({
      directory,
      maxBytes: 16 * 1024 * 1024,
      maxAgeMillis: 86_400_000,
      newId: () => `id${(this.#ids++).toString(36)}`,
      warn: (message) => warnings.push(message),
      files,
      ...options,
      clock,
    });
    if (!options.isDeaf) spool.onRecovered((entries) => recovered.push(...entries));
    spool.onTaken((ids) => taken.push(...ids));
    const owner: Owner = {
      spool,
      clock,
      warnings,
      recovered,
      taken,
      files,
      async pass(millis) {
        await spool.flush();
        for (let left = millis; left > 0; left -= 1_000) {
          await clock.advance(Math.min(left, 1_000));
          await spool.flush();
        }
      },
      sleep(millis) {
        sleptMillis += millis;
      },
      async die() {
        await files.breakAll();
      },
    };
    this.#owners.push(owner);
    return owner;
  }

  async endAll(): Promise<void> {
    for (const { spool, files } of this.#owners.splice(0)) {
      await spool.close();
      await files.breakAll();
    }
    for (const folder of this.#folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}

/** A file system that a test can make fail. */
export interface BreakableFiles extends Files {
  /** Called before each file operation. A returned error code is thrown. */
  fault: ((call: string, path: string) => Promise<string | undefined> | string | undefined) | undefined;
  /** The number of bytes that can still be written, to simulate a full disk. */
  room: number | undefined;
  /** The number of calls of each operation. */
  readonly calls: Map<string, number>;
  /** Closes all open files. From then on every call fails. */
  breakAll(): Promise<void>;
}

/** Wraps the real file system, which works until the test makes it fail. */
export function breakable(real: Files = systemFiles): BreakableFiles {
  const open = new Set<OpenFile>();
  const descriptors = new Set<number>();
  const calls = new Map<string, number>();
  let isBroken = false;
  const fail = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };
  const enter = async (call: string, path = ''): Promise<void> => {
    calls.set(call, (calls.get(call) ?? 0) + 1);
    if (isBroken) fail('EIO');
    const code = await files.fault?.(call, path);
    if (isBroken) fail('EIO');
    if (code !== undefined) fail(code);
  };
  const enterSync = (call: string, path = ''): void => {
    calls.set(call, (calls.get(call) ?? 0) + 1);
    if (isBroken) fail('EIO');
    const code = files.fault?.(call, path);
    if (typeof code === 'string') fail(code);
  };
  /** Returns the part of `bytes` that fits on the disk. */
  const fitting = (bytes: Uint8Array): Uint8Array => {
    if (files.room === undefined) return bytes;
    const part = bytes.subarray(0, files.room);
    files.room -= part.length;
    return part;
  };
  const wrap = (file: OpenFile, path: string): OpenFile => {
    const wrapped: OpenFile = {
      async write(bytes) {
        await enter('write', path);
        const part = fitting(bytes);
        return part.length === 0 ? 0 : file.write(part);
      },
      async read(into, position) {
        await enter('read', path);
        return file.read(into, position);
      },
      async datasync() {
        await enter('datasync', path);
        await file.datasync();
      },
      size: () => file.size(),
      async close() {
        if (open.delete(wrapped)) await file.close();
      },
    };
    open.add(wrapped);
    return wrapped;
  };
  const opening = async (call: string, path: string, file: () => Promise<OpenFile>): Promise<OpenFile> => {
    await enter(call, path);
    return wrap(await file(), path);
  };
  const files: BreakableFiles = {
    fault: undefined,
    room: undefined,
    calls,
    async list(path) {
      await enter('list', path);
      return real.list(path);
    },
    async facts(path) {
      await enter('facts', path);
      return real.facts(path);
    },
    async makeDirectory(path) {
      await enter('makeDirectory', path);
      await real.makeDirectory(path);
    },
    create: (path, mode) => opening('create', path, () => real.create(path, mode)),
    open: (path) => opening('open', path, () => real.open(path)),
    async rename(from, to) {
      await enter('rename', from);
      await real.rename(from, to);
    },
    async remove(path) {
      await enter('remove', path);
      await real.remove(path);
    },
    sync: {
      facts(path) {
        enterSync('facts', path);
        return real.sync.facts(path);
      },
      makeDirectory(path) {
        enterSync('makeDirectory', path);
        real.sync.makeDirectory(path);
      },
      create(path) {
        enterSync('createSync', path);
        const descriptor = real.sync.create(path);
        descriptors.add(descriptor);
        return descriptor;
      },
      open(path) {
        enterSync('openSync', path);
        const descriptor = real.sync.open(path);
        descriptors.add(descriptor);
        return descriptor;
      },
      write(descriptor, bytes) {
        enterSync('writeSync');
        const part = fitting(bytes);
        return part.length === 0 ? 0 : real.sync.write(descriptor, part);
      },
      sync(descriptor) {
        enterSync('sync');
        real.sync.sync(descriptor);
      },
      close(descriptor) {
        descriptors.delete(descriptor);
        real.sync.close(descriptor);
      },
      remove(path) {
        enterSync('removeSync', path);
        real.sync.remove(path);
      },
    },
    async breakAll() {
      isBroken = true;
      for (const file of [...open]) await file.close().catch(() => {});
      for (const descriptor of descriptors) closeSync(descriptor);
      descriptors.clear();
    },
  };
  return files;
}

/** Opens spools for a clock that is `times` as fast, such that the disk has three real seconds for each operation. */
export function patientSpool(times: number): typeof openSpool {
  return (options) => openSpool({ ...options, maxOperationMillis: 3_000 * times });
}

/** Returns the names of the files in a directory that end with `ending`; none if the directory does not exist. */
export async function filesIn(directory: string, ending = ''): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).sort();
}

/** Returns the size of all files in a directory. A heartbeat file may disappear meanwhile. */
export async function bytesIn(directory: string): Promise<number> {
  const sizeOf = (name: string): Promise<number> =>
    stat(join(directory, name)).then(
      ({ size }) => size,
      () => 0,
    );
  const sizes = await Promise.all((await readdir(directory)).map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Returns the only file that ends with `ending`. */
export async function onlyFile(directory: string, ending: string): Promise<{ path: string; bytes: Buffer }> {
  const [name, ...more] = await filesIn(directory, ending);
  if (name === undefined || more.length > 0) throw new Error(`expected one file, got: ${[name, ...more].join(' ')}`);
  const path = join(directory, name);
  return { path, bytes: await readFile(path) };
}
