import type { SpoolDirectory } from '../disk/spool-directory.js';
import { readContents } from './contents.js';
import type { Segment } from './segment.js';

/** An entry on its way from one segment to another. */
export interface MovingEntry {
  readonly segment: Segment;
  readonly number: number;
  readonly writtenAtMillis: number;
  /** Its value as JSON. */
  readonly text: string;
}

/**
 * Which segments are worth moving together, because most of what they hold is acknowledged: an entry that nobody can
 * deliver for a day must not hold a whole segment. None when that frees less than one segment.
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

/** What is open in the segments, as it stands in their files; undefined when one of them is not there any more. */
export async function openEntries(
  directory: SpoolDirectory,
  segments: readonly Segment[],
  mostBytes: number,
): Promise<readonly MovingEntry[] | undefined> {
  const entries: MovingEntry[] = [];
  for (const segment of segments) {
    const bytes = await directory.read(directory.own(segment.segmentId, 'spool'), mostBytes);
    if (bytes === undefined) return undefined;
    for (const { number, value, writtenAtMillis } of (await readContents(bytes)).entries) {
      if (segment.open.has(number)) entries.push({ segment, number, text: JSON.stringify(value), writtenAtMillis });
    }
  }
  return entries;
}
