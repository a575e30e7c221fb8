/** Consecutive records of a group, and whether they are saved. */
export interface Chunk {
  /** The number of pending records. */
  records: number;
  firstSeenMillis: number;
  lastSeenMillis: number;
  state: 'loose' | 'underway' | 'stored';
  /** The id of the entry in the spool, when the chunk is stored. */
  id: string;
  /** The entry of this chunk has the complete sample of the group. */
  hasSample: boolean;
}

/** The pending records of one group in chunks, oldest first, and which of them are saved. */
export class ChunkList {
  readonly #chunks: Chunk[] = [];

  /** Adds new records, which are in memory only. */
  add(records: number, timeMillis: number): void {
    const last = this.#chunks.at(-1);
    if (last?.state === 'loose') join(last, { records, firstSeenMillis: timeMillis, lastSeenMillis: timeMillis });
    else this.#chunks.push(chunkOf(records, timeMillis));
  }

  /** Adds records that were read from the spool. */
  restore(records: number, timeMillis: number, entry: Pick<Chunk, 'id' | 'hasSample'>): void {
    this.#chunks.push({ ...chunkOf(records, timeMillis), ...entry, state: 'stored' });
  }

  /** Returns the chunks that are in memory only, and marks them as being saved. */
  take(): readonly Chunk[] {
    const taken = this.#chunks.filter(({ state }) => state === 'loose');
    for (const chunk of taken) {
      chunk.hasSample = !this.#chunks.some(({ state, hasSample }) => state !== 'loose' && hasSample);
      chunk.state = 'underway';
    }
    return taken;
  }

  /** The chunk is saved as this entry. Returns false when none of its records is pending any more, so the entry is not needed. */
  stored(chunk: Chunk, id: string): boolean {
    if (chunk.state !== 'underway') return false;
    chunk.id = id;
    chunk.state = 'stored';
    return this.#chunks.includes(chunk);
  }

  /** The chunk could not be saved. It is in memory only, and is saved with the next records. */
  failed(chunk: Chunk): void {
    if (chunk.state !== 'underway') return;
    chunk.state = 'loose';
    chunk.hasSample = false;
    const at = this.#chunks.indexOf(chunk);
    const next = this.#chunks[at + 1];
    if (at < 0 || next?.state !== 'loose') return;
    join(next, chunk);
    this.#chunks.splice(at, 1);
  }

  /** Removes the oldest pending records. Returns the entries that have no pending record any more. */
  show(records: number): readonly string[] {
    const acknowledged: string[] = [];
    for (let left = records; left > 0; ) {
      const [first] = this.#chunks;
      if (first === undefined) break;
      const shown = Math.min(left, first.records);
      left -= shown;
      first.records -= shown;
      if (first.records > 0) break;
      this.#chunks.shift();
      if (first.state === 'stored') acknowledged.push(first.id);
    }
    return acknowledged;
  }

  /** Removes an entry that another process has adopted. Returns its number of pending records. */
  remove(id: string): number {
    return this.#remove((chunk) => chunk.state === 'stored' && chunk.id === id);
  }

  /** The entry is gone from the disk, so its records are in memory only again. Returns whether there are any. */
  loosen(id: string): boolean {
    const chunk = this.#chunks.find((each) => each.state === 'stored' && each.id === id);
    if (chunk === undefined) return false;
    Object.assign(chunk, { state: 'loose', id: '', hasSample: false });
    return true;
  }

  /** Removes the chunks that are not saved. Returns their number of records. */
  removeUnsaved(): number {
    return this.#remove(({ state }) => state !== 'stored');
  }

  #remove(matches: (chunk: Chunk) => boolean): number {
    let records = 0;
    for (let at = this.#chunks.length - 1; at >= 0; at--) {
      const chunk = this.#chunks[at] as Chunk;
      if (!matches(chunk)) continue;
      records += chunk.records;
      this.#chunks.splice(at, 1);
    }
    return records;
  }
}

function chunkOf(records: number, timeMillis: number): Chunk {
  return { records, firstSeenMillis: timeMillis, lastSeenMillis: timeMillis, state: 'loose', id: '', hasSample: false };
}

function join(chunk: Chunk, more: Pick<Chunk, 'records' | 'firstSeenMillis' | 'lastSeenMillis'>): void {
  chunk.records += more.records;
  chunk.firstSeenMillis = Math.min(chunk.firstSeenMillis, more.firstSeenMillis);
  chunk.lastSeenMillis = Math.max(chunk.lastSeenMillis, more.lastSeenMillis);
}
