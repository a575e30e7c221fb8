/** Records of a group that came one after the other, and whether they are on the disk. */
export interface Chunk {
  /** Those of them that wait to be shown. */
  records: number;
  firstSeenMillis: number;
  lastSeenMillis: number;
  state: 'loose' | 'underway' | 'stored';
  /** The entry in the spool, when it is stored. */
  id: string;
  /** The whole sample of the group stands with it on the disk, or is on its way there. */
  hasSample: boolean;
}

/** Of one group: which of the records that wait are on the disk, in the order in which they came. */
export class ChunkList {
  readonly #chunks: Chunk[] = [];

  /** They came just now, and are in memory only. */
  add(records: number, timeMillis: number): void {
    const last = this.#chunks.at(-1);
    if (last?.state === 'loose') join(last, { records, firstSeenMillis: timeMillis, lastSeenMillis: timeMillis });
    else this.#chunks.push(chunkOf(records, timeMillis));
  }

  /** They are from the disk. */
  restore(records: number, timeMillis: number, entry: Pick<Chunk, 'id' | 'hasSample'>): void {
    this.#chunks.push({ ...chunkOf(records, timeMillis), ...entry, state: 'stored' });
  }

  /** Those that are in memory only are on their way to the disk now. */
  take(): readonly Chunk[] {
    const taken = this.#chunks.filter(({ state }) => state === 'loose');
    for (const chunk of taken) {
      chunk.hasSample = !this.#chunks.some(({ state, hasSample }) => state !== 'loose' && hasSample);
      chunk.state = 'underway';
    }
    return taken;
  }

  /** They arrived there. False: nothing of them waits any more, so that the entry is over already. */
  stored(chunk: Chunk, id: string): boolean {
    if (chunk.state !== 'underway') return false;
    chunk.id = id;
    chunk.state = 'stored';
    return this.#chunks.includes(chunk);
  }

  /** They did not: they are in memory only, and go with what comes next. */
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

  /** So many, the first of those that wait, wait no more. Gives the entries that are over with that. */
  show(records: number): readonly string[] {
    const over: string[] = [];
    for (let left = records; left > 0; ) {
      const [first] = this.#chunks;
      if (first === undefined) break;
      const shown = Math.min(left, first.records);
      left -= shown;
      first.records -= shown;
      if (first.records > 0) break;
      this.#chunks.shift();
      if (first.state === 'stored') over.push(first.id);
    }
    return over;
  }

  /** The entry is somebody else's now. Gives how many records of it wait no more. */
  remove(id: string): number {
    return this.#remove((chunk) => chunk.state === 'stored' && chunk.id === id);
  }

  /** What is not on the disk is given up. Gives how many records that are. */
  removeUnsaved(): number {
    return this.#remove(({ state }) => state !== 'stored');
  }

  #remove(isMeant: (chunk: Chunk) => boolean): number {
    let records = 0;
    for (let at = this.#chunks.length - 1; at >= 0; at--) {
      const chunk = this.#chunks[at] as Chunk;
      if (!isMeant(chunk)) continue;
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
