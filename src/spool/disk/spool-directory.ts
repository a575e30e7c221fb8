import { join, resolve } from 'node:path';
import { closeQuietly, readAll } from './disk.js';
import { isMissing } from './errors.js';
import { type FileKind, type FileName, fileName, readName, safeId } from './file-names.js';
import { type Files, systemFiles } from './files.js';

/** The spool's directory, as one process uses it. */
export class SpoolDirectory {
  readonly files: Files;
  readonly root: string;
  /** The name of this process in file names. */
  readonly owner: string;
  readonly #newId: () => string;

  constructor(directory: string, newId: () => string, files: Files = systemFiles) {
    this.files = files;
    // The app may change its working directory.
    this.root = absolute(directory);
    this.#newId = newId;
    this.owner = this.newId();
  }

  newId(): string {
    return safeId(this.#newId()) || 'x';
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** Returns the path of a file of this process. */
  own(id: string, kind: Exclude<FileKind, 'beat'>): string {
    return this.path(fileName(this.owner, id, kind));
  }

  /** Returns the spool's files of all processes. */
  async list(): Promise<readonly FileName[]> {
    const names = await this.files.list(this.root);
    return names.map(readName).filter((name) => name !== undefined);
  }

  /** The same; none when the directory does not exist. */
  async listIfExists(): Promise<readonly FileName[]> {
    return this.list().catch((error) => {
      if (isMissing(error)) return [];
      throw error;
    });
  }

  /** Whether there is a regular file at the path. Anything else, such as a pipe, is never opened, because that may hang. */
  async hasFile(path: string): Promise<boolean> {
    try {
      return (await this.files.facts(path)).isFile;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Reads up to `maxBytes` of a file. Returns undefined when there is none. */
  async read(path: string, maxBytes: number): Promise<Buffer | undefined> {
    try {
      if (!(await this.hasFile(path))) return undefined;
      const file = await this.files.open(path);
      return await readAll(file, maxBytes).finally(() => closeQuietly(file));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Removes a file. Does nothing when there is none. */
  async remove(path: string): Promise<void> {
    try {
      await this.files.remove(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /** Renames a file of another process to this one. Returns whether that succeeded, which it does for one process only. */
  async take({ name, segmentId, kind }: FileName): Promise<boolean> {
    if (kind === 'beat') return false;
    try {
      if (!(await this.hasFile(this.path(name)))) return false;
      await this.files.rename(this.path(name), this.own(segmentId, kind));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

function absolute(directory: string): string {
  try {
    return resolve(directory);
  } catch {
    // resolve() throws when the working directory was removed.
    return directory;
  }
}
