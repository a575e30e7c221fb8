import type { FileName } from './file-names.js';
import type { SpoolDirectory } from './spool-directory.js';

/** So much of the directory is kept free for what is acknowledged and remembered. */
const RESERVED_SHARE = 1 / 16;
/** From here on each append looks how much the others have written; before, only after so much of its own. */
const CLOSE_LOOK_SHARE = 3 / 4;
const BLIND_SHARE = 1 / 64;

/** What {@link Quota} needs. */
export interface RoomOptions {
  readonly directory: SpoolDirectory;
  readonly maxBytes: number;
  /** What our own files take. */
  readonly ownBytes: () => number;
}

/** How full the directory is, with what all its processes write. */
export class Quota {
  readonly #options: RoomOptions;
  #othersBytes = 0;
  /** What we have written since we looked at the others. */
  #unseenBytes = 0;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** In the directory, as far as we know. */
  get bytes(): number {
    return this.#options.ownBytes() + this.#othersBytes;
  }

  /** Whether it all may become larger at all. */
  fits(bytes: number): boolean {
    return this.bytes + bytes <= this.#options.maxBytes;
  }

  /** Whether there is room for so much; `makeRoom` are ways to get some, the cheapest first. */
  async hasFor(bytes: number, makeRoom: readonly (() => Promise<void>)[]): Promise<boolean> {
    const { directory, maxBytes } = this.#options;
    this.#unseenBytes += bytes;
    const isFar = this.bytes + bytes <= maxBytes * CLOSE_LOOK_SHARE;
    if (isFar && this.#unseenBytes <= maxBytes * BLIND_SHARE) return true;
    await this.measure(await directory.list());
    for (const make of makeRoom) {
      if (this.#hasNowFor(bytes)) break;
      // If it fails, there is no room.
      await make().catch(() => {});
    }
    return this.#hasNowFor(bytes);
  }

  /** Looks how large the files of the others are. */
  async measure(names: readonly FileName[]): Promise<void> {
    const { files, owner } = this.#options.directory;
    let bytes = 0;
    for (const { name, holder } of names) {
      if (holder === owner) continue;
      const facts = await files.facts(this.#options.directory.path(name)).catch(() => undefined);
      bytes += facts?.size ?? 0;
    }
    this.#othersBytes = bytes;
    this.#unseenBytes = 0;
  }

  #hasNowFor(bytes: number): boolean {
    return this.bytes + bytes <= this.#options.maxBytes * (1 - RESERVED_SHARE);
  }
}
