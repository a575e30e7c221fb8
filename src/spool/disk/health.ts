import type { Clock } from '../../util/clock.js';
import { reasonOf } from './errors.js';

/** After a failure the disk is left alone for so long: whoever appends must not wait for it each time. */
const PAUSE_MILLIS = 15_000;

/** What went wrong: the directory itself, an append, the room in it, or what we do in the background. */
export type TroubleKind = 'directory' | 'append' | 'full' | 'upkeep';

/** The trouble with the disk: said once, over when what failed works again. */
export class Health {
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  #kind: TroubleKind | undefined;
  #reason: string | undefined;
  #pausedUntilMillis = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, warn: (message: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Why entries are only in memory, as long as they are. */
  get reason(): string | undefined {
    return this.#kind === 'upkeep' ? undefined : this.#reason;
  }

  get isPaused(): boolean {
    return this.#clock.monotonic() < this.#pausedUntilMillis;
  }

  failed(kind: TroubleKind, error: unknown): void {
    if (kind === 'append' || kind === 'directory') this.#pausedUntilMillis = this.#clock.monotonic() + PAUSE_MILLIS;
    this.said(kind, reasonOf(error));
  }

  said(kind: TroubleKind, reason: string): void {
    // Trouble in the background is no reason to keep silent when entries are at stake.
    if (this.#kind !== undefined && (this.#kind !== 'upkeep' || kind === 'upkeep')) return;
    this.#kind = kind;
    this.#reason = reason;
    try {
      this.#warn(reason);
    } catch {
      // A logger that throws is its owner's mistake.
    }
  }

  /** `kind` works. An append that works shows that all does. */
  mended(kind: TroubleKind): void {
    if (kind !== this.#kind && kind !== 'append') return;
    if (kind !== 'upkeep') this.#pausedUntilMillis = Number.NEGATIVE_INFINITY;
    this.#kind = undefined;
    this.#reason = undefined;
  }
}
