import type { OpenFile, SyncFiles } from './files.js';

/** Writes all of it, or throws: a full disk may take a part without an error. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await file.write(bytes.subarray(done));
    if (written <= 0) throw diskFull();
    done += written;
  }
}

/** The same at the end of a process. */
export function writeAllSync(files: SyncFiles, descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const written = files.write(descriptor, bytes.subarray(done));
    if (written <= 0) throw diskFull();
    done += written;
  }
}

/** Up to `mostBytes` from the start of a file. */
export async function readAll(file: OpenFile, mostBytes: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.min(await file.size(), mostBytes));
  let done = 0;
  while (done < bytes.length) {
    const read = await file.read(bytes.subarray(done), done);
    if (read <= 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

/** Closes whatever happens: what cannot be closed is closed. */
export async function closeQuietly(file: OpenFile | undefined): Promise<void> {
  await file?.close().catch(() => {});
}

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

/** The directory is there, and we must not use it. */
export class Refused extends Error {}

function diskFull(): Error {
  return Object.assign(new Error('short write'), { code: 'ENOSPC' });
}
