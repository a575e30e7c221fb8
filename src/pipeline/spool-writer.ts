import type { UnsavedChunk } from '../groups/saved/persistence.js';
import type { Spool } from '../spool/types.js';
import type { DestinationPipeline } from './destination.js';

/** Chunks of one destination that are being written. */
interface Batch {
  readonly destination: DestinationPipeline;
  readonly chunks: readonly UnsavedChunk[];
}

/** Appends what the destinations have not saved: one append at a time, and everything that comes meanwhile in the next. */
export class SpoolWriter {
  readonly #spool: Spool;
  readonly #destinations: readonly DestinationPipeline[];
  #underway: readonly Batch[] = [];
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #isTakenOver = false;

  constructor(spool: Spool, destinations: readonly DestinationPipeline[]) {
    this.#spool = spool;
    this.#destinations = destinations;
  }

  /** Resolves when everything unsaved until now is written, or could not be. */
  write(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#append();
      return this.#writing;
    }
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      return this.write();
    });
    return this.#next;
  }

  /** Everything that is not on the disk for sure, for the caller to store. The append under way is void from now on. */
  takeOver(): readonly object[] {
    this.#isTakenOver = true;
    this.#markSaved(undefined);
    return valuesOf(this.#takeUnsaved());
  }

  async #append(): Promise<void> {
    this.#underway = this.#takeUnsaved();
    try {
      const { ids, isDurable } = await this.#spool.append(valuesOf(this.#underway));
      if (!this.#isTakenOver) this.#markSaved(isDurable ? ids : undefined);
    } finally {
      this.#writing = undefined;
    }
  }

  #takeUnsaved(): readonly Batch[] {
    return this.#destinations
      .map((destination) => ({ destination, chunks: destination.outbox.persistence.takeUnsaved() }))
      .filter(({ chunks }) => chunks.length > 0);
  }

  /** @param ids - the entries of the chunks, in their order; `undefined`: they are in memory only */
  #markSaved(ids: readonly string[] | undefined): void {
    let at = 0;
    for (const { destination, chunks } of this.#underway) {
      destination.outbox.persistence.markSaved(chunks, ids?.slice(at, at + chunks.length));
      at += chunks.length;
    }
    this.#underway = [];
  }
}

function valuesOf(batches: readonly Batch[]): readonly object[] {
  return batches.flatMap(({ destination, chunks }) =>
    chunks.map(({ value }) => ({ destination: destination.id, ...value })),
  );
}
