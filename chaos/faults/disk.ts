import type { FaultKind } from './fault.js';

/** Faults of the disk that holds the spool. */
export const DISK_FAULTS: Readonly<Record<string, FaultKind>> = {
  'the disk is full': {
    disturbs: 'disk',
    create: ({ disk }) => ({ start: () => disk.fill(), stop: () => disk.makeRoom() }),
  },
  'the disk is read-only': {
    disturbs: 'disk',
    create: ({ disk }) => ({ start: () => disk.allowWrites(false), stop: () => disk.allowWrites(true) }),
  },
  'the disk is frozen': {
    disturbs: 'disk',
    create: ({ disk }) => ({ start: () => disk.freeze(), stop: () => disk.thaw() }),
  },
  'the folder is removed': {
    disturbs: 'disk',
    create: ({ disk }) => ({ start: () => disk.removeFolder(), stop: () => {} }),
  },
};
