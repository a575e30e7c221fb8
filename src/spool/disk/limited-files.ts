import type { Clock } from '../../util/index.js';
import type { DiskQueue, OperationLimits } from './disk-queue.js';
import { DiskHangs } from './errors.js';
import type { Files, OpenFile, SyncFiles } from './files.js';

/** Options of {@link limitFiles}. */
export interface FileLimits {
  readonly queue: DiskQueue;
  readonly clock: Clock;
  /** An operation that takes longer is given up. */
  readonly maxMillis: number;
}

/** Returns the file system with a limit on each operation; see {@link DiskQueue}. */
export function limitFiles(files: Files, { queue, ...limits }: FileLimits): Files {
  const run = <T>(operation: () => Promise<T>, discard?: (late: T) => void): Promise<T> =>
    queue.run(operation, { ...limits, discard });
  const close = (file: OpenFile): void => queue.runLater(() => file.close(), limits.clock);
  const wrap = (file: OpenFile): OpenFile => limitOpenFile(file, queue, limits);
  return {
    list: (directory) => run(() => files.list(directory)),
    facts: (path) => run(() => files.facts(path)),
    makeDirectory: (path) => run(() => files.makeDirectory(path)),
    async create(path, mode) {
      const discard = (late: OpenFile): void => {
        close(late);
        // Nobody knows this file, and a second attempt to create it would fail.
        queue.runLater(() => files.remove(path), limits.clock);
      };
      return wrap(await run(() => files.create(path, mode), discard));
    },
    open: async (path) => wrap(await run(() => files.open(path), close)),
    rename: (from, to) => run(() => files.rename(from, to)),
    remove: (path) => run(() => files.remove(path)),
    sync: limitSyncFiles(files.sync, queue),
  };
}

function limitOpenFile(file: OpenFile, queue: DiskQueue, limits: OperationLimits<unknown>): OpenFile {
  return {
    write: (bytes) => queue.run(() => file.write(bytes), limits),
    read: (into, position) => queue.run(() => file.read(into, position), limits),
    datasync: () => queue.run(() => file.datasync(), limits),
    size: () => queue.run(() => file.size(), limits),
    close: async () => queue.runLater(() => file.close(), limits.clock),
  };
}

/** Returns synchronous functions that throw {@link DiskHangs} at once when the disk may hang. */
function limitSyncFiles(sync: SyncFiles, queue: DiskQueue): SyncFiles {
  const guard =
    <A extends readonly unknown[], R>(operation: (...args: A) => R): ((...args: A) => R) =>
    (...args) => {
      // Nobody can give up a synchronous operation.
      if (queue.isDoubtful) throw new DiskHangs();
      return operation(...args);
    };
  return {
    facts: guard((path) => sync.facts(path)),
    makeDirectory: guard((path) => sync.makeDirectory(path)),
    create: guard((path) => sync.create(path)),
    open: guard((path) => sync.open(path)),
    write: guard((descriptor, bytes) => sync.write(descriptor, bytes)),
    sync: guard((descriptor) => sync.sync(descriptor)),
    close: guard((descriptor) => sync.close(descriptor)),
    remove: guard((path) => sync.remove(path)),
  };
}
