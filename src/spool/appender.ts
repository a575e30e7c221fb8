import { isMissing } from './disk/errors.js';
import type { Health } from './disk/health.js';
import type { Quota } from './disk/quota.js';
import { piecesOf, sizeOf } from './json-texts.js';
import type { Segments } from './segments/segments.js';
import type { Appended } from './types.js';

/** Options of an {@link Appender}. */
export interface AppenderParts {
  readonly segments: Segments;
  readonly quota: Quota;
  readonly health: Health;
  /** Values are written in pieces of about this size, so that a large batch needs no second copy in memory. */
  readonly pieceBytes: number;
  readonly maxBytes: number;
  /** Makes sure that the directory exists. `isAgain`: somebody removed it. */
  readonly ready: (isAgain: boolean) => Promise<void>;
  /** The synchronous form of `ready`. */
  readonly readySync: (isAgain: boolean) => void;
  readonly isClosed: () => boolean;
}

/** Appends values to the segments, as far as there is room for them. */
export class Appender {
  readonly #parts: AppenderParts;
  #hasFailed = false;

  constructor(parts: AppenderParts) {
    this.#parts = parts;
  }

  /** Whether values are in memory only that should be appended again, because the disk may work by now. */
  get isRetryDue(): boolean {
    return this.#hasFailed && !this.#parts.health.isPaused;
  }

  /** Appends JSON texts. Never rejects. */
  async append(texts: readonly string[]): Promise<Appended> {
    const ids: string[] = [];
    for (const piece of piecesOf(texts, this.#parts.pieceBytes)) {
      const stored = await this.#appendPiece(piece);
      // A single text may be too large for the directory; the others are not.
      if (stored === undefined && piece.length > 1) break;
      ids.push(...(stored ?? piece.map(() => '')));
    }
    const saved = ids.filter((id) => id !== '').length;
    if (saved === 0) return { ids: [], isDurable: false };
    while (ids.length < texts.length) ids.push('');
    return { ids, isDurable: saved === texts.length };
  }

  /** Appends JSON texts synchronously, at the end of a process. Returns whether all are saved. Never throws. */
  appendSync(texts: readonly string[]): boolean {
    // All pieces are tried, because a single text may be too large for the directory.
    const pieces = piecesOf(texts, this.#parts.pieceBytes).map((piece) => this.#appendPieceSync(piece));
    return pieces.every((isSaved) => isSaved);
  }

  #appendPieceSync(texts: readonly string[]): boolean {
    const { segments, quota, health, readySync } = this.#parts;
    if (!quota.fits(sizeOf(texts))) return false;
    try {
      readySync(false);
      whenMissing(
        () => segments.appendSync(texts),
        () => {
          readySync(true);
          segments.appendSync(texts);
        },
      );
      return true;
    } catch (error) {
      health.failed('append', error);
      return false;
    }
  }

  /** Returns undefined when the texts are not saved. */
  async #appendPiece(texts: readonly string[]): Promise<readonly string[] | undefined> {
    const { health, isClosed } = this.#parts;
    if (health.isPaused || isClosed()) return undefined;
    try {
      if (!(await this.#hasRoomFor(texts))) return undefined;
      const ids = await this.#store(texts);
      health.recovered('append');
      this.#hasFailed = false;
      return ids;
    } catch (error) {
      this.#hasFailed = true;
      // After closeSync() this append is void, so its error does not matter.
      if (!isClosed()) health.failed('append', error);
      return undefined;
    }
  }

  async #hasRoomFor(texts: readonly string[]): Promise<boolean> {
    const { ready, quota, segments, health, maxBytes } = this.#parts;
    const bytes = sizeOf(texts);
    if (bytes > maxBytes) {
      health.report('full', `an entry needs ${bytes} bytes, and maxBytes is ${maxBytes}`);
      return false;
    }
    await ready(false);
    const cleanups = [() => segments.journal(), () => segments.compact()];
    if (await quota.hasRoomFor(bytes, cleanups)) return true;
    health.report('full', `its files have reached ${maxBytes} bytes (maxBytes)`);
    return false;
  }

  async #store(texts: readonly string[]): Promise<readonly string[]> {
    const { segments, ready } = this.#parts;
    try {
      return await segments.append(texts);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Somebody removed the directory, so it is created again.
      await ready(true);
      return segments.append(texts);
    }
  }
}

/** Calls `run`, and `again` when somebody removed the directory. */
function whenMissing(run: () => void, again: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isMissing(error)) throw error;
    again();
  }
}
