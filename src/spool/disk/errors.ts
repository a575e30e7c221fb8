/** The directory exists and must not be used. */
export class Refused extends Error {}

/** The disk has not answered an operation in time. No other operation is started until it does. */
export class DiskHangs extends Error {
  constructor() {
    super('the disk does not answer; check the file system of the directory, or name a directory on a local disk');
  }
}

/** Returns the Node.js code of an error, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the error means that the file does not exist. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

/** Descriptions of common errors. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
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

/** Describes an error for people, without the error's own text, which may contain a path. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (error instanceof Refused || error instanceof DiskHangs) return error.message;
  if (code === undefined) return 'an unknown error';
  return DESCRIPTIONS[code] === undefined ? code : `${DESCRIPTIONS[code]} (${code})`;
}
