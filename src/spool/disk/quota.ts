import type { FileName } from './file-names.js';
import type { SpoolDirectory } from './spool-directory.js';

/** The share of the bytes that is reserved for acknowledgements and key values. */
const RESERVED_SHARE = 1 / 16;
/** Above this share, each append measures the files of the other processes. */
const MEASURE_ALWAYS_SHARE = 3 / 4;
/** Below that, they are measured each time this process has written this share. */
const MEASURE_AFTER_SHARE = 1 / 64;

/** Options of {@link Quota}. */
export interface QuotaOptions {
  readonly directory: SpoolDirectory;
  readonly maxBytes: number;
  /** Returns the size of the files of this process. */
  readonly ownBytes: () => number;
}

/** Limits the size of the directory, for all its processes together. */
export class Quota {
  readonly #options: QuotaOptions;
  #othersBytes = 0;
  /** What this process has written since the files of the others were measured. */
  #bytesSinceMeasured = 0;

  constructor(options: QuotaOptions) {
    this.#options = options;
  }

  /** The size of all files in the directory, as far as it is known. */
  get bytes(): number {
    return this.#options.ownBytes() + this.#othersBytes;
  }

  /** Whether the directory may grow by this much, the reserved share included. */
  fits(bytes: number): boolean {
    return this.bytes + bytes <= this.#options.maxBytes;
  }

  /**
   * Returns whether there is room for new entries.
   * @param cleanups - ways to free space, the cheapest first; they run only while there is no room
   */
  async hasRoomFor(bytes: number, cleanups: readonly (() => Promise<void>)[]): Promise<boolean> {
    const { directory, maxBytes } = this.#options;
    this.#bytesSinceMeasured += bytes;
    const isFarFromFull = this.bytes + bytes <= maxBytes * MEASURE_ALWAYS_SHARE;
    if (isFarFromFull && this.#bytesSinceMeasured <= maxBytes * MEASURE_AFTER_SHARE) return true;
    await this.measure(await directory.list());
    for (const cleanUp of cleanups) {
      if (this.#fitsUnreserved(bytes)) break;
      // A cleanup that fails frees no space, and the check below reports that.
      await cleanUp().catch(() => {});
    }
    return this.#fitsUnreserved(bytes);
  }

  /** Measures the files of the other processes. */
  async measure(names: readonly FileName[]): Promise<void> {
    const { files, owner } = this.#options.directory;
    let bytes = 0;
    for (const { name, holder } of names) {
      if (holder === owner) continue;
      const facts = await files.facts(this.#options.directory.path(name)).catch(() => undefined);
      bytes += facts?.size ?? 0;
    }
    this.#othersBytes = bytes;
    this.#bytesSinceMeasured = 0;
  }

  #fitsUnreserved(bytes: number): boolean {
    return this.bytes + bytes <= this.#options.maxBytes * (1 - RESERVED_SHARE);
  }
}
