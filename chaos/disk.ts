import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** The disk that holds the spool: a small file system of its own where mounting is permitted, else a folder. */
export interface Disk {
  /** The folder of the spool. */
  readonly directory: string;
  /** While this file exists, the app's operations on the disk wait (app/preload.mjs). */
  readonly freezeFile: string;
  /** The root of the disk. */
  readonly root: string;
  /** The faults that this machine cannot make. */
  readonly impossible: readonly string[];
  fill(): void;
  makeRoom(): void;
  allowWrites(areAllowed: boolean): void;
  freeze(): void;
  thaw(): void;
  removeFolder(): void;
  /** Damages a segment: cuts it, or flips a bit. Returns the records that were in the damaged segment. */
  damage(variant: number): number;
  /** Returns the number of records in all files of the spool. */
  records(): number;
  /** The texts of all files of the spool. */
  contents(): readonly string[];
  close(): void;
}

const BYTES = 8 * 1024 * 1024;

/** Creates a disk in a folder that exists. */
export function createDisk(folder: string): Disk {
  const root = join(folder, 'disk');
  mkdirSync(root);
  const isMounted = mount('-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', root);
  const directory = join(root, 'spool');
  const freezeFile = join(folder, 'frozen');
  const ballast = join(root, 'ballast');
  const isRoot = process.getuid?.() === 0;
  const files = (): readonly string[] => list(directory).map((name) => join(directory, name));
  return {
    ...{ directory, freezeFile, root },
    impossible: [
      ...(isMounted ? [] : ['the disk is full']),
      ...(isMounted || !isRoot ? [] : ['the disk is read-only']),
    ],
    fill: () => fillUp(ballast),
    makeRoom: () => rmSync(ballast, { force: true }),
    allowWrites(areAllowed) {
      if (isMounted) mount('-o', `remount,${areAllowed ? 'rw' : 'ro'}`, root);
      else for (const path of [directory, root]) chmodSync(path, areAllowed ? 0o700 : 0o500);
    },
    freeze: () => writeFileSync(freezeFile, ''),
    thaw: () => rmSync(freezeFile, { force: true }),
    removeFolder: () => rmSync(directory, { recursive: true, force: true }),
    damage: (variant) => damageSegment(files(), variant),
    records: () => files().reduce((sum, path) => sum + recordsIn(readOrNothing(path)), 0),
    contents: () => files().map(readOrNothing),
    close() {
      rmSync(freezeFile, { force: true });
      if (isMounted) execFileSync('umount', ['--lazy', root]);
    },
  };
}

function mount(...args: readonly string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The app may remove a file at any moment. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function fillUp(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (const block of [65_536, 4_096, 1]) writeUntilFull(file, Buffer.alloc(block));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    while (writeSync(file, block) === block.length);
  } catch {
    // The disk has no room for a block of this size.
  }
}

/** Damages the largest segment, because a small one may hold nothing. */
function damageSegment(paths: readonly string[], variant: number): number {
  const segments = paths.filter((path) => path.endsWith('.spool')).map((path) => ({ path, bytes: readFileSync(path) }));
  const [largest] = segments.sort((a, b) => b.bytes.length - a.bytes.length);
  if (largest === undefined || largest.bytes.length === 0) return 0;
  const { path, bytes } = largest;
  const records = recordsIn(bytes.toString('utf8'));
  const at = Math.floor((bytes.length * variant) / 1_000);
  if (variant % 2 === 0) writeFileSync(path, bytes.subarray(0, at));
  else {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (variant % 8));
    writeFileSync(path, bytes);
  }
  return records;
}

function recordsIn(text: string): number {
  return [...text.matchAll(/"records":(\d+)/g)].reduce((sum, [, records]) => sum + Number(records), 0);
}
