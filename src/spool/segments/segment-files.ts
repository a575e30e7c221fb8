import { closeQuietly, writeAll } from '../disk/disk.js';
import type { OpenFile } from '../disk/files.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';
import { type Contents, readContents } from './contents.js';
import { encodeFrame } from './frame.js';
import { type Batch, Segment } from './segment.js';

/** A whole new segment, on the disk. */
export async function writeNew(directory: SpoolDirectory, { segmentId }: Segment, { bytes }: Batch): Promise<void> {
  const file = await directory.files.create(directory.own(segmentId, 'spool'), 'append');
  try {
    await writeAll(file, bytes);
    await file.datasync();
  } finally {
    await closeQuietly(file);
  }
}

/** A segment of the dead that is ours now. */
export interface Adopted {
  readonly segment: Segment;
  readonly contents: Contents;
}

/** Reads a segment of the dead that bears our name now; undefined when there is none. */
export async function readAdopted(
  directory: SpoolDirectory,
  birth: string,
  mostBytes: number,
): Promise<Adopted | undefined> {
  const path = directory.own(birth, 'spool');
  if (!(await directory.hasFile(path))) return undefined;
  await markAdopted(directory, path);
  const bytes = await directory.read(path, mostBytes);
  if (bytes === undefined) return undefined;
  const contents = await readContents(bytes);
  const segment = new Segment(birth, { bytes: bytes.length, next: contents.next, isSealed: true });
  for (const { number } of contents.entries) segment.open.add(number);
  segment.disown(contents.damaged);
  return { segment, contents };
}

/** From here on entries of its former owner do not count, who may only be asleep; see `contents.ts`. */
async function markAdopted(directory: SpoolDirectory, path: string): Promise<void> {
  const file = await directory.files.open(path);
  try {
    await writeAll(file, encodeFrame('adopted', JSON.stringify(directory.owner)));
  } catch {
    // A full disk: what is in it can be delivered nevertheless.
  } finally {
    await closeQuietly(file);
  }
}

/** Whether the batch stands where it belongs: then no adopter had been there before it was written. */
export async function isAt(file: OpenFile, { bytes, position }: Batch): Promise<boolean> {
  const found = Buffer.alloc(bytes.length);
  const read = await file.read(found, position).catch(() => 0);
  return read === bytes.length && found.equals(bytes);
}
