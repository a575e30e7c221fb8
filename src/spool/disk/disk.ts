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

function diskFull(): Error {
  return Object.assign(new Error('short write'), { code: 'ENOSPC' });
}
