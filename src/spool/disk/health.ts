import type { Clock } from '../../util/index.js';
import { reasonOf } from './errors.js';

/** After a failure no append is tried for this long, so that not each append waits for a broken disk. */
const PAUSE_MILLIS = 15_000;

/** What failed: the disk does not answer, the directory, an append, the size limit, or the work in the background. */
export type FailureKind = 'hang' | 'directory' | 'append' | 'full' | 'upkeep';

/** The health of the disk. A failure is logged once, and is over when the same operation works again. */
export class Health {
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  #kind: FailureKind | undefined;
  #reason: string | undefined;
  #pausedUntilMillis = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, warn: (message: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Why entries are in memory only; undefined when they are saved. */
  get reason(): string | undefined {
    return this.#kind === 'upkeep' ? undefined : this.#reason;
  }

  get isPaused(): boolean {
    return this.#clock.monotonic() < this.#pausedUntilMillis;
  }

  failed(kind: FailureKind, error: unknown): void {
    if (kind === 'append' || kind === 'directory') this.#pausedUntilMillis = this.#clock.monotonic() + PAUSE_MILLIS;
    this.report(kind, reasonOf(error));
  }

  /** Warns about a failure, unless another one is being reported already. */
  report(kind: FailureKind, reason: string): void {
    // A failure in the background must not hide one that affects entries.
    if (this.#kind !== undefined && (this.#kind !== 'upkeep' || kind === 'upkeep')) return;
    this.#kind = kind;
    this.#reason = reason;
    try {
      this.#warn(reason);
    } catch {
      // A logger that throws must not break the spool.
    }
  }

  /** An operation works again. A successful append ends every failure. */
  recovered(kind: FailureKind): void {
    if (kind !== this.#kind && kind !== 'append') return;
    if (kind !== 'upkeep') this.#pausedUntilMillis = Number.NEGATIVE_INFINITY;
    this.#kind = undefined;
    this.#reason = undefined;
  }
}
