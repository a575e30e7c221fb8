import { closeSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Files, type OpenFile, systemFiles } from '../../src/spool/disk/files.js';
import { openSpool } from '../../src/spool/spool.js';
import type { RecoveredEntry, Spool, SpoolOptions } from '../../src/spool/types.js';
import { type ManualClock, manualClock } from './clock.js';

/** A process as the spool sees it: it can die, and it can fall asleep. */
export interface Owner {
  readonly spool: Spool;
  readonly clock: ManualClock;
  readonly warnings: string[];
  readonly recovered: RecoveredEntry[];
  readonly taken: string[];
  readonly files: BreakableFiles;
  /** Lets time go by, in steps, each of which ends with nothing under way. */
  pass(millis: number): Promise<void>;
  /** Time that goes by while the process is stopped: its timers fire when it wakes up, which is at the next `pass()`. */
  sleep(millis: number): void;
  /** From one moment to the next it touches no file any more. */
  die(): Promise<void>;
}

/** Folders and spools of a test; `endAll()` belongs into `afterEach`. */
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

/** A file system that can be made to fail. */
export interface BreakableFiles extends Files {
  /** Throws what it returns, before each call of that name. */
  fault: ((call: string, path: string) => Promise<string | undefined> | string | undefined) | undefined;
  /** No more bytes than these are written from now on, as on a disk that gets full. */
  room: number | undefined;
  /** How often each was called. */
  readonly calls: Map<string, number>;
  /** Closes all that is open; from now on every call fails. */
  breakAll(): Promise<void>;
}

/** The real one, until it is told to fail. */
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
  /** How much of `bytes` the disk has room for. */
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

/** The names of the files in a directory with that ending; none if there is no directory yet. */
export async function filesIn(directory: string, ending = ''): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).sort();
}

/** All bytes in a directory. A heartbeat may leave while it is counted. */
export async function bytesIn(directory: string): Promise<number> {
  const sizeOf = (name: string): Promise<number> =>
    stat(join(directory, name)).then(
      ({ size }) => size,
      () => 0,
    );
  const sizes = await Promise.all((await readdir(directory)).map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The only file with that ending. */
export async function onlyFile(directory: string, ending: string): Promise<{ path: string; bytes: Buffer }> {
  const [name, ...more] = await filesIn(directory, ending);
  if (name === undefined || more.length > 0) throw new Error(`not one file: ${[name, ...more].join(' ')}`);
  const path = join(directory, name);
  return { path, bytes: await readFile(path) };
}
