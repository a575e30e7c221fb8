import type { OpenFile, SyncFiles } from './files.js';

/** Writes all bytes or throws. A full disk may write a part without an error. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await file.write(bytes.subarray(done));
    if (written <= 0) throw diskFull();
    done += written;
  }
}

/** The synchronous form of {@link writeAll}, for the end of a process. */
export function writeAllSync(files: SyncFiles, descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const written = files.write(descriptor, bytes.subarray(done));
    if (written <= 0) throw diskFull();
    done += written;
  }
}

/** Reads up to `maxBytes` from the start of a file. */
export async function readAll(file: OpenFile, maxBytes: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.min(await file.size(), maxBytes));
  let done = 0;
  while (done < bytes.length) {
    const read = await file.read(bytes.subarray(done), done);
    if (read <= 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

/** Closes a file, and ignores an error: no caller can do anything about it. */
export async function closeQuietly(file: OpenFile | undefined): Promise<void> {
  await file?.close().catch(() => {});
}

function diskFull(): Error {
  return Object.assign(new Error('short write'), { code: 'ENOSPC' });
}
