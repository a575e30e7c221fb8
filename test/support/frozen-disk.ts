import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A directory of which a test can make all or some operations hang, in processes that are started with `environment`. */
export interface FreezingDisk {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Lets these operations hang: `open`, `write`, `fsync`, `read`, `list`, `unlink`, `rename`, or `all`. */
  freeze(operations?: string): Promise<void>;
  thaw(): Promise<void>;
  remove(): Promise<void>;
}

const SOURCE = fileURLToPath(new URL('../children/hang.c', import.meta.url));

function command(name: string, ...args: readonly string[]): void {
  execFileSync(name, args, { stdio: 'ignore' });
}

/** A directory whose operations hang through a library (LD_PRELOAD). Returns undefined where none can be built. */
export async function hangingDisk(): Promise<FreezingDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'hanging-'));
  const library = join(folder, 'hang.so');
  try {
    command('gcc', '-shared', '-fPIC', '-O1', '-w', '-o', library, SOURCE, '-ldl');
  } catch {
    await rm(folder, { recursive: true, force: true });
    console.warn('no test with a disk that hangs in single operations: gcc cannot build the library for it');
    return undefined;
  }
  const names = join(folder, 'names');
  const directory = join(folder, 'spool');
  return {
    directory,
    environment: { LD_PRELOAD: library, HANG_BELOW: directory, HANG_NAMES: names },
    freeze: (operations = 'all') => writeFile(names, operations),
    thaw: () => rm(names, { force: true }),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** A file system in a file, frozen by the kernel (`fsfreeze`). Returns undefined where that is not permitted. */
export async function frozenDisk(): Promise<FreezingDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'frozen-'));
  const [image, mount] = [join(folder, 'image'), join(folder, 'mount')];
  await mkdir(mount);
  try {
    command('truncate', '-s', '20M', image);
    command('mkfs.ext4', '-q', '-F', image);
    command('mount', '-o', 'loop', image, mount);
  } catch {
    await rm(folder, { recursive: true, force: true });
    console.warn('no test with a file system that the kernel froze: it needs root, mkfs.ext4 and loop devices');
    return undefined;
  }
  return {
    directory: join(mount, 'spool'),
    environment: {},
    freeze: async () => command('fsfreeze', '--freeze', mount),
    async thaw() {
      try {
        command('fsfreeze', '--unfreeze', mount);
      } catch {
        // It is not frozen.
      }
    },
    async remove() {
      command('umount', '--lazy', mount);
      if (existsSync(folder)) await rm(folder, { recursive: true, force: true });
    },
  };
}
