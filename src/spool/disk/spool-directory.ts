import { join, resolve } from 'node:path';
import { closeQuietly, readAll } from './disk.js';
import { isMissing } from './errors.js';
import { type FileKind, type FileName, fileName, readName, safeId } from './file-names.js';
import { type Files, systemFiles } from './files.js';

/** The directory as one owner sees it. */
export class SpoolDirectory {
  readonly files: Files;
  readonly root: string;
  /** Our name here. */
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

  /** Where a file of ours is. */
  own(birth: string, kind: Exclude<FileKind, 'beat'>): string {
    return this.path(fileName(this.owner, birth, kind));
  }

  /** The spool's files, of whatever holder. */
  async list(): Promise<readonly FileName[]> {
    const names = await this.files.list(this.root);
    return names.map(readName).filter((name) => name !== undefined);
  }

  /** Whether there is such a file. What is none, a pipe for example, is never opened: it would hang. */
  async hasFile(path: string): Promise<boolean> {
    try {
      return (await this.files.facts(path)).isFile;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Up to `mostBytes` of a file; undefined when there is none. */
  async read(path: string, mostBytes: number): Promise<Buffer | undefined> {
    try {
      if (!(await this.hasFile(path))) return undefined;
      const file = await this.files.open(path);
      return await readAll(file, mostBytes).finally(() => closeQuietly(file));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Removes a file; that it is gone already is as good. */
  async remove(path: string): Promise<void> {
    try {
      await this.files.remove(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  /** Makes a file ours, which only one process can. Whether it is. */
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
    // The working directory was removed.
    return directory;
  }
}
