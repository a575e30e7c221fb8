import type { Clock } from '../../util/index.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';

/** Options of `Segments`. */
export interface SegmentsOptions {
  readonly directory: SpoolDirectory;
  readonly clock: Clock;
  /** A segment of this size takes no more entries. */
  readonly segmentBytes: number;
  /** The most bytes that are read from a file. No file of the spool is longer. */
  readonly maxReadBytes: number;
  /** Whether other processes may believe that this one is dead. */
  readonly hasLapsed: () => boolean;
  /** Called with the ids of entries that another process has adopted. */
  readonly onTaken: (ids: readonly string[]) => void;
  /** Called with the ids of entries whose file somebody removed. */
  readonly onVanished: (ids: readonly string[]) => void;
}
