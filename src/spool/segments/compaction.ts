import type { SpoolDirectory } from '../disk/spool-directory.js';
import { readContents } from './contents.js';
import type { Segment } from './segment.js';

/** An entry to be moved from one segment to another. */
export interface MovingEntry {
  readonly segment: Segment;
  readonly number: number;
  readonly writtenAtMillis: number;
  /** Its value as JSON. */
  readonly text: string;
}

/**
 * Returns groups of segments to be merged, because most of their entries are acknowledged: one entry that cannot be
 * delivered for a day must not keep a whole segment. Returns none when that frees less than one segment.
 */
export function sparseGroups(segments: readonly Segment[], segmentBytes: number): readonly (readonly Segment[])[] {
  const sparse = segments.filter(({ openBytes }) => openBytes <= segmentBytes / 2);
  const waste = sparse.reduce((sum, { bytes, openBytes }) => sum + bytes - openBytes, 0);
  if (waste < segmentBytes) return [];
  const groups: Segment[][] = [];
  let room = 0;
  for (const segment of sparse) {
    if (segment.openBytes > room || groups.length === 0) {
      groups.push([]);
      room = segmentBytes;
    }
    groups.at(-1)?.push(segment);
    room -= segment.openBytes;
  }
  return groups;
}

/** Reads the open entries from the files of the segments. Returns undefined when one of the files does not exist any more. */
export async function openEntries(
  directory: SpoolDirectory,
  segments: readonly Segment[],
  maxReadBytes: number,
): Promise<readonly MovingEntry[] | undefined> {
  const entries: MovingEntry[] = [];
  for (const segment of segments) {
    const bytes = await directory.read(directory.own(segment.segmentId, 'spool'), maxReadBytes);
    if (bytes === undefined) return undefined;
    for (const { number, value, writtenAtMillis } of (await readContents(bytes)).entries) {
      if (segment.open.has(number)) entries.push({ segment, number, text: JSON.stringify(value), writtenAtMillis });
    }
  }
  return entries;
}
