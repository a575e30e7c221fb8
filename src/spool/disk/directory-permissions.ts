import { codeOf, Refused } from './errors.js';
import type { Facts, Files, SyncFiles } from './files.js';

const WRITABLE_BY_ALL = 0o002;

/** Creates the directory if it is missing. Throws when it is not private to this user. */
export async function prepareDirectory(files: Files, directory: string): Promise<void> {
  await files.makeDirectory(directory).catch(unlessExisting);
  check(await files.facts(directory));
}

/** The synchronous form of {@link prepareDirectory}, for the end of a process. */
export function prepareDirectorySync(files: SyncFiles, directory: string): void {
  try {
    files.makeDirectory(directory);
  } catch (error) {
    unlessExisting(error);
  }
  check(files.facts(directory));
}

function unlessExisting(error: unknown): void {
  // Something exists at this path. check() describes it better than this error.
  if (codeOf(error) !== 'EEXIST') throw error;
}

function check(facts: Facts): void {
  const refusal = refusalOf(facts, process.getuid?.());
  if (refusal !== undefined) throw new Refused(refusal);
}

/** Returns why a directory must not be used: whoever can write there could read and forge records. Undefined when it may be used. */
export function refusalOf(facts: Omit<Facts, 'writtenMillis'>, user: number | undefined): string | undefined {
  if (facts.isLink) return 'it is a symbolic link; name the directory itself';
  if (!facts.isDirectory) return 'it is not a directory';
  // Windows has neither numeric owners nor meaningful modes.
  if (user === undefined) return undefined;
  if (facts.owner !== user) return 'it belongs to another user; name a directory inside it, which will be created';
  if (facts.mode & WRITABLE_BY_ALL)
    return 'everybody may write to it; name a directory inside it, which will be created';
  return undefined;
}
