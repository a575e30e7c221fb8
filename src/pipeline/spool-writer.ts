import type { UnsavedChunk } from '../groups/index.js';
import type { Spool } from '../spool/index.js';
import type { DestinationPipeline } from './destination.js';

/** Chunks of one destination that are being written. */
interface Batch {
  readonly destination: DestinationPipeline;
  readonly chunks: readonly UnsavedChunk[];
}

/** Saves the unsaved records of all destinations. One append runs at a time; records that arrive meanwhile are in the next. */
export class SpoolWriter {
  readonly #spool: Spool;
  readonly #destinations: readonly DestinationPipeline[];
  #writingBatches: readonly Batch[] = [];
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #isTakenOver = false;

  constructor(spool: Spool, destinations: readonly DestinationPipeline[]) {
    this.#spool = spool;
    this.#destinations = destinations;
  }

  /** Writes all unsaved records. Resolves when they are written or the write has failed. */
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

  /** Returns all records that may not be on the disk, for the caller to save. The result of a running append is ignored. */
  takeOver(): readonly object[] {
    this.#isTakenOver = true;
    this.#markSaved(undefined);
    return valuesOf(this.#takeUnsaved());
  }

  async #append(): Promise<void> {
    this.#writingBatches = this.#takeUnsaved();
    try {
      const { ids } = await this.#spool.append(valuesOf(this.#writingBatches));
      if (!this.#isTakenOver) this.#markSaved(ids);
    } finally {
      this.#writing = undefined;
    }
  }

  #takeUnsaved(): readonly Batch[] {
    return this.#destinations
      .map((destination) => ({ destination, chunks: destination.outbox.persistence.takeUnsaved() }))
      .filter(({ chunks }) => chunks.length > 0);
  }

  /** @param ids - the entries of the chunks, in their order; empty or `undefined` for chunks that could not be saved */
  #markSaved(ids: readonly string[] | undefined): void {
    let at = 0;
    for (const { destination, chunks } of this.#writingBatches) {
      destination.outbox.persistence.markSaved(chunks, ids?.slice(at, at + chunks.length));
      at += chunks.length;
    }
    this.#writingBatches = [];
  }
}

function valuesOf(batches: readonly Batch[]): readonly object[] {
  return batches.flatMap(({ destination, chunks }) =>
    chunks.map(({ value }) => ({ destination: destination.id, ...value })),
  );
}
