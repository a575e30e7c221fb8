import { closeQuietly, writeAll } from '../disk/disk.js';
import type { OpenFile } from '../disk/files.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';
import { type Contents, readContents } from './contents.js';
import { encodeFrame } from './frame.js';
import { type Batch, Segment } from './segment.js';

/** Writes a complete new segment to the disk. */
export async function writeNew(directory: SpoolDirectory, { segmentId }: Segment, { bytes }: Batch): Promise<void> {
  const file = await directory.files.create(directory.own(segmentId, 'spool'), 'append');
  try {
    await writeAll(file, bytes);
    await file.datasync();
  } finally {
    await closeQuietly(file);
  }
}

/** An adopted segment of a dead process. */
export interface Adopted {
  readonly segment: Segment;
  readonly contents: Contents;
}

/** Reads a segment of a dead process that was renamed to this one. Returns undefined when there is none. */
export async function readAdopted(
  directory: SpoolDirectory,
  segmentId: string,
  maxReadBytes: number,
): Promise<Adopted | undefined> {
  const path = directory.own(segmentId, 'spool');
  if (!(await directory.hasFile(path))) return undefined;
  await markAdopted(directory, path);
  const bytes = await directory.read(path, maxReadBytes);
  if (bytes === undefined) return undefined;
  const contents = await readContents(bytes);
  const segment = new Segment(segmentId, { bytes: bytes.length, next: contents.next, isSealed: true });
  for (const { number } of contents.entries) segment.open.add(number);
  segment.disown(contents.damaged);
  return { segment, contents };
}

/** Marks the end of the former owner's entries. If that process was only asleep, what it appends later is ignored; see `contents.ts`. */
async function markAdopted(directory: SpoolDirectory, path: string): Promise<void> {
  const file = await directory.files.open(path);
  try {
    await writeAll(file, encodeFrame('adopted', JSON.stringify(directory.owner)));
  } catch {
    // On a full disk the entries can be delivered without the mark.
  } finally {
    await closeQuietly(file);
  }
}

/** Whether the batch is at its position in the file. If so, no other process had adopted the file before the write. */
export async function isAt(file: OpenFile, { bytes, position }: Batch): Promise<boolean> {
  const found = Buffer.alloc(bytes.length);
  const read = await file.read(found, position).catch(() => 0);
  return read === bytes.length && found.equals(bytes);
}

/** The state of a segment's file: it belongs to this process, another process has adopted it, or somebody removed it. */
export type Fate = 'ours' | 'taken' | 'vanished';

/** @param hasLapsed - whether other processes may believe that this one is dead */
export async function fateOf(directory: SpoolDirectory, segmentId: string, hasLapsed: () => boolean): Promise<Fate> {
  if (await directory.hasFile(directory.own(segmentId, 'spool'))) return 'ours';
  if (hasLapsed()) return 'taken';
  const names = await directory.listIfExists();
  return names.some((name) => name.kind === 'spool' && name.segmentId === segmentId) ? 'taken' : 'vanished';
}
