import { closeQuietly, writeAll } from '../disk/disk.js';
import type { FileName } from '../disk/file-names.js';
import type { OpenFile } from '../disk/files.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';
import { openEntries, sparseGroups } from './compaction.js';
import { type Batch, readId, Segment } from './segment.js';
import { type Adopted, type Fate, fateOf, isAt, readAdopted, writeNew } from './segment-files.js';
import type { SegmentsOptions } from './segments-options.js';
import { SegmentsEnd } from './segments-sync.js';

/** The segments of this process. The caller must not run two asynchronous methods at the same time. */
export class Segments {
  readonly #options: SegmentsOptions;
  readonly #directory: SpoolDirectory;
  readonly #segments = new Map<string, Segment>();
  #active: { readonly segment: Segment; readonly file: OpenFile } | undefined;
  readonly #end: SegmentsEnd;
  /** The new positions of moved entries, by id. */
  readonly #moved = new Map<string, { readonly segment: Segment; readonly number: number }>();
  /** The segment that a running merge writes. The merged segments still have its entries. */
  #copy: Segment | undefined;
  /** The batch that is being written. */
  #batch: { readonly segment: Segment; readonly numbers: readonly number[]; isVoid: boolean } | undefined;

  constructor(options: SegmentsOptions) {
    this.#options = options;
    this.#directory = options.directory;
    this.#end = new SegmentsEnd(options.directory, options.clock, this.#segments);
  }

  get bytes(): number {
    let bytes = 0;
    for (const segment of this.#segments.values()) bytes += segment.bytes;
    return bytes;
  }

  /** Entries that are stored and not acknowledged. */
  get pending(): number {
    let pending = 0;
    for (const segment of this.#segments.values()) pending += segment.open.size;
    return pending;
  }

  /** Saves JSON texts and returns their ids. Throws when that fails. */
  async append(texts: readonly string[]): Promise<readonly string[]> {
    // The second attempt is for a segment that another process has adopted. A third is never needed.
    return (await this.#tryAppend(texts)) ?? (await this.#tryAppend(texts)) ?? fail();
  }

  /** Saves JSON texts synchronously in a separate segment, at the end of a process. Throws when that fails. */
  appendSync(texts: readonly string[]): void {
    this.#end.append(texts);
  }

  /** Acknowledges entries in memory; journal() writes the acknowledgements. */
  acknowledge(ids: readonly string[]): void {
    for (const id of ids) {
      const moved = this.#moved.get(id);
      this.#moved.delete(id);
      const { segmentId, number } = readId(id);
      if (moved !== undefined) moved.segment.acknowledge(moved.number);
      else this.#segments.get(segmentId)?.acknowledge(number);
    }
  }

  /** Whether there are acknowledgements to write or segments to remove. */
  get hasUnjournaled(): boolean {
    for (const segment of this.#segments.values()) if (segment.hasUnjournaled || segment.isDone) return true;
    return false;
  }

  /** Writes acknowledgements and removes finished segments. Tries all, and then throws the first error. */
  async journal(): Promise<void> {
    let firstError: unknown;
    for (const segment of [...this.#segments.values()]) {
      await this.#settle(segment).catch((error) => {
        firstError ??= error;
      });
    }
    if (firstError !== undefined) throw firstError;
  }

  /** The synchronous form of journal(). Ignores errors. A running append is void: the caller saves its values in another way. */
  journalSync(): void {
    if (this.#batch !== undefined) {
      this.#batch.isVoid = true;
      this.#batch.segment.disown(this.#batch.numbers);
    }
    if (this.#copy !== undefined) this.#end.discard(this.#copy);
    this.#end.journal();
  }

  /** Finds segments that do not belong to this process any more: another process adopted them, or somebody removed them. */
  async check(names: readonly FileName[]): Promise<void> {
    const { owner } = this.#directory;
    const ours = new Set(names.filter(({ holder }) => holder === owner).map(({ segmentId }) => segmentId));
    for (const segment of [...this.#segments.values()]) {
      if (!ours.has(segment.segmentId) && !segment.isGone) await this.#checkOne(segment);
    }
  }

  /** Finds segments whose file somebody removed, synchronously, at the end of a process. */
  checkSync(): void {
    // After a sleep another process may have adopted the file.
    if (this.#options.hasLapsed()) return;
    for (const segment of this.#end.vanished()) {
      this.#segments.delete(segment.segmentId);
      this.#options.onVanished(segment.ids());
    }
  }

  /** Whether this process has the segment. */
  holds(segmentId: string): boolean {
    return this.#segments.has(segmentId);
  }

  /** Adopts a segment of a dead process. Returns undefined when another process was quicker. */
  async adopt(name: FileName): Promise<Adopted | undefined> {
    const { directory, maxReadBytes } = this.#options;
    if (this.holds(name.segmentId)) return undefined;
    if (name.holder !== directory.owner && !(await directory.take(name))) return undefined;
    const adopted = await readAdopted(directory, name.segmentId, maxReadBytes);
    if (adopted !== undefined) this.#segments.set(name.segmentId, adopted.segment);
    return adopted;
  }

  /** Frees space: merges segments whose entries are mostly acknowledged. The entries keep their ids. */
  async compact(): Promise<void> {
    const sealed = [...this.#segments.values()].filter((segment) => segment.isSealed && !this.#end.isLast(segment));
    for (const group of sparseGroups(sealed, this.#options.segmentBytes)) await this.#move(group);
  }

  /** Seals the active segment, so that it can be removed once all its entries are acknowledged. */
  async seal(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    if (active === undefined) return;
    active.segment.isSealed = true;
    await closeQuietly(active.file);
  }

  async #tryAppend(texts: readonly string[]): Promise<readonly string[] | undefined> {
    const { segment, file } = await this.#writable();
    const batch = segment.encode(texts, this.#options.clock.now());
    const underway = { segment, numbers: batch.numbers, isVoid: false };
    this.#batch = underway;
    try {
      await writeAll(file, batch.bytes);
      await file.datasync();
    } catch (error) {
      await this.#giveUp(segment, batch);
      throw error;
    } finally {
      this.#batch = undefined;
    }
    if (underway.isVoid) throw new Error('the process ends');
    const fate = await this.#fate(segment);
    if (fate === 'ours') {
      segment.stored(batch);
      return segment.ids(batch.numbers);
    }
    const wasBeforeAdoption = fate === 'taken' && (await isAt(file, batch));
    if (wasBeforeAdoption) segment.stored(batch);
    await this.#handleLoss(segment, fate);
    return wasBeforeAdoption ? segment.ids(batch.numbers) : undefined;
  }

  /** Moves the open entries of segments to a new segment. */
  async #move(from: readonly Segment[]): Promise<void> {
    const entries = await openEntries(this.#directory, from, this.#options.maxReadBytes);
    // A segment was adopted or removed. check() handles that.
    if (entries === undefined) return;
    const copy = new Segment(this.#directory.newId(), { isSealed: true });
    const batch = copy.encodeAll(entries);
    this.#copy = copy;
    try {
      await writeNew(this.#directory, copy, batch);
      for (const segment of from) if ((await this.#fate(segment)) !== 'ours') throw new Error('taken');
    } catch (error) {
      // Without entries, so that journal() removes the file. Otherwise it would be adopted like that of a dead process.
      this.#segments.set(copy.segmentId, copy);
      throw error;
    } finally {
      this.#copy = undefined;
    }
    copy.stored(batch);
    this.#segments.set(copy.segmentId, copy);
    for (const [index, { segment, number }] of entries.entries()) {
      const id = segment.id(number);
      const moved = batch.numbers[index] as number;
      copy.rename(moved, id);
      // The entry may have been acknowledged meanwhile.
      if (segment.open.delete(number)) this.#moved.set(id, { segment: copy, number: moved });
      else copy.acknowledge(moved);
    }
    for (const segment of from) await this.#removeMerged(segment);
  }

  /** Removes a merged segment. Entries that are still open in it could not be read, and are in memory only. */
  async #removeMerged(segment: Segment): Promise<void> {
    if (segment.open.size > 0) this.#options.onVanished(segment.ids());
    segment.open.clear();
    await this.#remove(segment);
  }

  /** Returns the active segment, after a check that it belongs to this process. Creates one if needed. */
  async #writable(): Promise<{ readonly segment: Segment; readonly file: OpenFile }> {
    if (this.#active !== undefined) await this.#checkOne(this.#active.segment);
    if (this.#active !== undefined && this.#active.segment.bytes >= this.#options.segmentBytes) await this.seal();
    if (this.#active === undefined) {
      const segment = new Segment(this.#directory.newId());
      const file = await this.#directory.files.create(this.#directory.own(segment.segmentId, 'spool'), 'append');
      this.#active = { segment, file };
      this.#segments.set(segment.segmentId, segment);
    }
    return this.#active;
  }

  /** Handles a failed write. The end of the file is unknown now, so the segment takes no more entries. */
  async #giveUp(segment: Segment, batch: Batch): Promise<void> {
    segment.disown(batch.numbers);
    // A part of the batch may be in the file.
    segment.bytes += batch.bytes.length;
    await this.seal();
    // A segment without other entries can be removed even from a full disk.
    await this.#settle(segment).catch(() => {});
  }

  async #settle(segment: Segment): Promise<void> {
    const { segmentBytes } = this.#options;
    const isActive = segment === this.#active?.segment;
    if (isActive && segment.open.size === 0 && segment.bytes > segmentBytes / 4) await this.seal();
    if (segment.isDone) await this.#remove(segment);
    else if (segment.hasUnjournaled) await this.#writeAcknowledgements(segment);
  }

  async #writeAcknowledgements(segment: Segment): Promise<void> {
    // Another process may have adopted the file meanwhile.
    await this.#checkOne(segment);
    if (!this.holds(segment.segmentId)) return;
    const { bytes, written } = segment.acknowledgements();
    const active = this.#active?.segment === segment ? this.#active.file : undefined;
    const file = active ?? (await this.#directory.files.open(this.#directory.own(segment.segmentId, 'spool')));
    try {
      await writeAll(file, bytes);
      written();
    } catch (error) {
      // The end of the file is unknown now.
      if (active !== undefined) await this.seal();
      throw error;
    } finally {
      if (active === undefined) await closeQuietly(file);
    }
  }

  async #remove(segment: Segment): Promise<void> {
    segment.isGone = true;
    try {
      await this.#directory.remove(this.#directory.own(segment.segmentId, 'spool'));
      this.#segments.delete(segment.segmentId);
    } catch (error) {
      segment.isGone = false;
      throw error;
    }
  }

  async #checkOne(segment: Segment): Promise<void> {
    const fate = await this.#fate(segment);
    if (fate !== 'ours') await this.#handleLoss(segment, fate);
  }

  #fate({ segmentId }: Segment): Promise<Fate> {
    return fateOf(this.#directory, segmentId, this.#options.hasLapsed);
  }

  async #handleLoss(segment: Segment, fate: Fate): Promise<void> {
    if (this.#active?.segment === segment) await this.seal();
    this.#segments.delete(segment.segmentId);
    for (const id of segment.ids()) this.#moved.delete(id);
    if (segment.open.size === 0) return;
    if (fate === 'taken') this.#options.onTaken(segment.ids());
    else this.#options.onVanished(segment.ids());
  }
}

function fail(): never {
  throw new Error('the segment was lost twice');
}
