/** The directory is there, and we must not use it. */
export class Refused extends Error {}

/** Node's code of an error, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether it says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

/** Errors that people meet, in their words. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EMFILE: 'this process has too many open files',
  ENFILE: 'this machine has too many open files',
  ENOENT: 'there is no such directory',
  ENOTDIR: 'it is not a directory',
  EEXIST: 'it is not a directory',
};

/** What a person needs to know of an error: our own words, or Node's code, but no text that carries what we were given. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (error instanceof Refused) return error.message;
  if (code === undefined) return 'an unknown error';
  return WORDS[code] === undefined ? code : `${WORDS[code]} (${code})`;
}
