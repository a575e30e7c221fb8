import { codeOf, Refused } from './errors.js';
import type { Facts, Files, SyncFiles } from './files.js';

const WRITABLE_BY_ALL = 0o002;

/** Makes the directory when it is missing, and throws when it is not for us alone. */
export async function prepareDirectory(files: Files, directory: string): Promise<void> {
  await files.makeDirectory(directory).catch(unlessThere);
  check(await files.facts(directory));
}

/** The same at the end of a process. */
export function prepareDirectorySync(files: SyncFiles, directory: string): void {
  try {
    files.makeDirectory(directory);
  } catch (error) {
    unlessThere(error);
  }
  check(files.facts(directory));
}

function unlessThere(error: unknown): void {
  // Something is there; what it is, check() says in better words.
  if (codeOf(error) !== 'EEXIST') throw error;
}

function check(facts: Facts): void {
  const refusal = refusalOf(facts, process.getuid?.());
  if (refusal !== undefined) throw new Refused(refusal);
}

/** Why a directory must not be used: records may be read, and forged, by whoever can write there. */
export function refusalOf(facts: Facts, user: number | undefined): string | undefined {
  if (facts.isLink) return 'it is a symbolic link; name the directory itself';
  if (!facts.isDirectory) return 'it is not a directory';
  // Windows has no owners of this kind, and its modes say nothing.
  if (user === undefined) return undefined;
  if (facts.owner !== user) return 'it belongs to another user; name a directory inside it, which will be created';
  if (facts.mode & WRITABLE_BY_ALL)
    return 'everybody may write to it; name a directory inside it, which will be created';
  return undefined;
}
