import { type Clock, processGlobal } from '../../util/index.js';
import { DiskHangs } from './errors.js';
import { endDespiteHangingDisk } from './exit-watch.js';

/** After its limit, an operation has this much more real time: its answer may only wait for an event loop that the app blocks. */
const GRACE_MILLIS = 200;

/** An operation that has been running for this long may hang. */
const MAX_DOUBT_MILLIS = 500;

/** Options of {@link DiskQueue.run}. */
export interface OperationLimits<T> {
  readonly clock: Clock;
  /** The operation is given up after this time. */
  readonly maxMillis: number;
  /** Undoes the result of an operation that was given up and succeeded later. */
  readonly discard?: ((late: T) => void) | undefined;
}

/** Is told when the disk hangs, and when it answers again. */
export interface DiskWatcher {
  onHang(): void;
  onAnswer(): void;
}

interface Operation {
  readonly clock: Clock;
  /** Starts the operation; never throws, never rejects. */
  readonly start: () => void;
  readonly reject: (error: Error) => void;
  /** Undefined while the operation waits for its turn. */
  startedMillis: number | undefined;
  cancelTimer: () => void;
}

/**
 * Runs operations on the disk one at a time, each with a limit. Nobody can cancel an operation that hangs, and it occupies
 * one of the four threads that Node.js has for the files and the name lookups of the whole app. So no further operation is
 * started until the disk answers: all are rejected with {@link DiskHangs}.
 */
export class DiskQueue {
  readonly #watchers = new Set<DiskWatcher>();
  readonly #waiting: Operation[] = [];
  /** Operations that must still run, such as closing a file. */
  readonly #leftOver: (() => void)[] = [];
  #running: Operation | undefined;
  #isHanging = false;
  #isTrusted = false;

  /** An operation has exceeded its limit, and has not answered yet. */
  get isHanging(): boolean {
    return this.#isHanging;
  }

  /** The current operation takes so long that the disk may hang. */
  get isDoubtful(): boolean {
    const { clock, startedMillis } = this.#running ?? {};
    if (this.#isHanging || clock === undefined || startedMillis === undefined) return this.#isHanging;
    if (this.#isTrusted) return false;
    return clock.monotonic() - startedMillis > MAX_DOUBT_MILLIS;
  }

  /** The end of the process has found that the disk answers, even if the current operation takes long. */
  trust(): void {
    this.#isTrusted = true;
  }

  /** No operation is started any more until the current one answers, because the end of the process has found that the disk hangs. */
  giveUp(): void {
    if (!this.#isHanging) this.#hang();
  }

  /** Returns a function that removes the watcher. */
  watch(watcher: DiskWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Runs an operation after all earlier ones. Rejects with {@link DiskHangs} when the disk does not answer. */
  run<T>(operation: () => Promise<T>, limits: OperationLimits<T>): Promise<T> {
    if (this.#isHanging) return Promise.reject(new DiskHangs());
    return new Promise<T>((resolve, reject) => {
      const { clock, discard } = limits;
      const answered = (result: T): void => {
        // A promise is settled once, so this does nothing for an operation that was given up.
        resolve(result);
        if (this.#answered(waiting)) discard?.(result);
      };
      const failed = (error: unknown): void => {
        reject(error);
        this.#answered(waiting);
      };
      const start = (): void => void operation().then(answered, failed);
      const waiting: Operation = { clock, start, reject, startedMillis: undefined, cancelTimer: () => {} };
      this.#waiting.push(waiting);
      this.#next();
      this.#limit(waiting, limits.maxMillis);
    });
  }

  /**
   * Runs an operation that nobody waits for, such as closing a file, after all earlier ones, or once the disk answers again.
   * It has no limit of its own: when it hangs, the next operation does not get its turn in time.
   */
  runLater(operation: () => Promise<unknown>, clock: Clock): void {
    let isStarted = false;
    const begin = (): Promise<unknown> => {
      isStarted = true;
      return operation();
    };
    this.run(begin, { clock, maxMillis: Number.POSITIVE_INFINITY }).catch(() => {
      if (!isStarted) this.#leftOver.push(() => this.runLater(operation, clock));
    });
  }

  #next(): void {
    if (this.#running !== undefined) return;
    this.#running = this.#waiting.shift();
    if (this.#running === undefined) return;
    this.#running.startedMillis = this.#running.clock.monotonic();
    this.#running.start();
  }

  /** Gives up an operation that neither answers nor gets its turn in time. */
  #limit(operation: Operation, maxMillis: number): void {
    const { clock } = operation;
    if (maxMillis === Number.POSITIVE_INFINITY) return;
    const wasStarted = operation.startedMillis !== undefined;
    const late = (): void => {
      if (operation !== this.#running && !this.#waiting.includes(operation)) return;
      // Its own time begins with its turn.
      if (!wasStarted && operation === this.#running) this.#limit(operation, maxMillis);
      else this.#hang();
    };
    operation.cancelTimer = clock.after(maxMillis, () => setTimeout(late, GRACE_MILLIS).unref());
  }

  /** Returns whether the operation had been given up. */
  #answered(operation: Operation): boolean {
    operation.cancelTimer();
    this.#running = undefined;
    const wasLate = this.#isHanging;
    if (wasLate) this.#answer();
    this.#next();
    return wasLate;
  }

  #hang(): void {
    this.#isHanging = true;
    this.#running?.reject(new DiskHangs());
    for (const { reject, cancelTimer } of this.#waiting.splice(0)) {
      cancelTimer();
      reject(new DiskHangs());
    }
    for (const watcher of [...this.#watchers]) watcher.onHang();
  }

  #answer(): void {
    this.#isHanging = false;
    for (const run of this.#leftOver.splice(0)) run();
    for (const watcher of [...this.#watchers]) watcher.onAnswer();
  }
}

/**
 * The queue of this process. All spools of a process share it, because they share the threads: with a queue each, four
 * spools on a disk that hangs would stop all files and name lookups of the app.
 */
export function processDiskQueue(): DiskQueue {
  return processGlobal('disk-queue/1', () => {
    const queue = new DiskQueue();
    queue.watch({
      onHang: () => void process.on('exit', endDespiteHangingDisk),
      onAnswer: () => void process.off('exit', endDespiteHangingDisk),
    });
    return queue;
  });
}
