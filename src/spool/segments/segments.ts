import type { Clock } from '../../util/clock.js';
import { closeQuietly, writeAll } from '../disk/disk.js';
import type { FileName } from '../disk/file-names.js';
import type { OpenFile } from '../disk/files.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';
import { openEntries, sparseGroups } from './compaction.js';
import { type Batch, readId, Segment } from './segment.js';
import { type Adopted, isAt, readAdopted, writeNew } from './segment-files.js';
import { SegmentsEnd } from './segments-sync.js';

/** What the segments need around them. */
export interface SegmentsOptions {
  readonly directory: SpoolDirectory;
  readonly clock: Clock;
  /** A segment that is as large takes no more entries. */
  readonly segmentBytes: number;
  /** No more of a file is read than this: none of ours is longer. */
  readonly mostBytes: number;
  /** Whether others may have taken us for dead. */
  readonly hasLapsed: () => boolean;
  /** Entries of ours that now belong to somebody else. */
  readonly onTaken: (ids: readonly string[]) => void;
  /** That many entries are not on the disk any more: their file is gone. */
  readonly onVanished: (count: number) => void;
}

/** What became of a segment: it is still ours, another process has it, or somebody has removed it. */
type Fate = 'ours' | 'taken' | 'vanished';

/** The segments that this process holds. All that is asynchronous here is called in turns, never twice at a time. */
export class Segments {
  readonly #options: SegmentsOptions;
  readonly #directory: SpoolDirectory;
  readonly #known = new Map<string, Segment>();
  #active: { readonly segment: Segment; readonly file: OpenFile } | undefined;
  readonly #end: SegmentsEnd;
  /** Where entries are that were moved, by their ids. */
  readonly #moved = new Map<string, { readonly segment: Segment; readonly number: number }>();
  /** A segment in the making, which has what another one has as well. */
  #copy: Segment | undefined;
  /** On its way to the disk. */
  #batch: { readonly segment: Segment; readonly numbers: readonly number[]; isVoid: boolean } | undefined;

  constructor(options: SegmentsOptions) {
    this.#options = options;
    this.#directory = options.directory;
    this.#end = new SegmentsEnd(options.directory, options.clock, this.#known);
  }

  get bytes(): number {
    let bytes = 0;
    for (const segment of this.#known.values()) bytes += segment.bytes;
    return bytes;
  }

  /** Entries that are stored and not acknowledged. */
  get pending(): number {
    let pending = 0;
    for (const segment of this.#known.values()) pending += segment.open.size;
    return pending;
  }

  /** Stores JSON texts and returns their ids; throws when the disk does not take them. */
  async append(texts: readonly string[]): Promise<readonly string[]> {
    // A second time when the segment turns out not to be ours any more; a third nobody needs.
    return (await this.#tryAppend(texts)) ?? (await this.#tryAppend(texts)) ?? fail();
  }

  /** The same at the end of a process, in a file of its own. */
  appendSync(texts: readonly string[]): void {
    this.#end.append(texts);
  }

  /** In memory; journal() writes it down. */
  acknowledge(ids: readonly string[]): void {
    for (const id of ids) {
      const moved = this.#moved.get(id);
      this.#moved.delete(id);
      const { birth, number } = readId(id);
      if (moved !== undefined) moved.segment.acknowledge(moved.number);
      else this.#known.get(birth)?.acknowledge(number);
    }
  }

  /** Whether there is something to write down, or to remove. */
  get hasNews(): boolean {
    for (const segment of this.#known.values()) if (segment.hasNews || segment.isDone) return true;
    return false;
  }

  /** Writes down what is acknowledged, and removes the segments that are done. Throws the first trouble, after all was tried. */
  async journal(): Promise<void> {
    let trouble: unknown;
    for (const segment of [...this.#known.values()]) {
      await this.#settle(segment).catch((error) => {
        trouble ??= error;
      });
    }
    if (trouble !== undefined) throw trouble;
  }

  /** The same at the end of a process, as far as it goes. What is under way is void: the caller stores it another way. */
  journalSync(): void {
    if (this.#batch !== undefined) {
      this.#batch.isVoid = true;
      this.#batch.segment.disown(this.#batch.numbers);
    }
    if (this.#copy !== undefined) this.#end.discard(this.#copy);
    this.#end.journal();
  }

  /** Finds out which segments are ours no more: another process took us for dead, or somebody removed them. */
  async check(names: readonly FileName[]): Promise<void> {
    const { owner } = this.#directory;
    const ours = new Set(names.filter(({ holder }) => holder === owner).map(({ segmentId }) => segmentId));
    for (const segment of [...this.#known.values()]) {
      if (!ours.has(segment.segmentId) && !segment.isGone) await this.#checkOne(segment);
    }
  }

  /** Whether it is one that we know. */
  holds(birth: string): boolean {
    return this.#known.has(birth);
  }

  /** Makes a segment of the dead ours. Undefined when another process was quicker. */
  async adopt(name: FileName): Promise<Adopted | undefined> {
    const { directory, mostBytes } = this.#options;
    if (this.holds(name.segmentId)) return undefined;
    if (name.holder !== directory.owner && !(await directory.take(name))) return undefined;
    const adopted = await readAdopted(directory, name.segmentId, mostBytes);
    if (adopted !== undefined) this.#known.set(name.segmentId, adopted.segment);
    return adopted;
  }

  /** Makes room: what is left in segments that are mostly acknowledged moves into new ones, and keeps its ids. */
  async compact(): Promise<void> {
    const sealed = [...this.#known.values()].filter((segment) => segment.isSealed && !this.#end.isLast(segment));
    for (const group of sparseGroups(sealed, this.#options.segmentBytes)) await this.#move(group);
  }

  /** No more entries into the segment of now, so that it can go when all in it is acknowledged. */
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
    const isInTime = fate === 'taken' && (await isAt(file, batch));
    if (isInTime) segment.stored(batch);
    await this.#lose(segment, fate);
    return isInTime ? segment.ids(batch.numbers) : undefined;
  }

  /** Moves what is open in segments into a new one. */
  async #move(from: readonly Segment[]): Promise<void> {
    const entries = await openEntries(this.#directory, from, this.#options.mostBytes);
    // One is not ours any more: check() will say so.
    if (entries === undefined) return;
    const copy = new Segment(this.#directory.newId(), { isSealed: true });
    const batch = copy.encodeAll(entries);
    this.#copy = copy;
    try {
      await writeNew(this.#directory, copy, batch);
      for (const segment of from) if ((await this.#fate(segment)) !== 'ours') throw new Error('taken');
    } catch (error) {
      await this.#directory.remove(this.#directory.own(copy.segmentId, 'spool'));
      throw error;
    } finally {
      this.#copy = undefined;
    }
    copy.stored(batch);
    this.#known.set(copy.segmentId, copy);
    for (const [index, { segment, number }] of entries.entries()) {
      const id = segment.id(number);
      const moved = batch.numbers[index] as number;
      copy.rename(moved, id);
      // It may have been acknowledged meanwhile.
      if (segment.open.delete(number)) this.#moved.set(id, { segment: copy, number: moved });
      else copy.acknowledge(moved);
    }
    for (const segment of from) await this.#replaced(segment);
  }

  /** What is open in it now could not be read: it is only in memory. */
  async #replaced(segment: Segment): Promise<void> {
    if (segment.open.size > 0) this.#options.onVanished(segment.open.size);
    segment.open.clear();
    await this.#remove(segment);
  }

  /** The segment of now, which is ours at this moment. */
  async #writable(): Promise<{ readonly segment: Segment; readonly file: OpenFile }> {
    if (this.#active !== undefined) await this.#checkOne(this.#active.segment);
    if (this.#active !== undefined && this.#active.segment.bytes >= this.#options.segmentBytes) await this.seal();
    if (this.#active === undefined) {
      const segment = new Segment(this.#directory.newId());
      const file = await this.#directory.files.create(this.#directory.own(segment.segmentId, 'spool'), 'append');
      this.#active = { segment, file };
      this.#known.set(segment.segmentId, segment);
    }
    return this.#active;
  }

  /** After a write that failed: nobody knows where the file ends now, so it takes no more entries. */
  async #giveUp(segment: Segment, batch: Batch): Promise<void> {
    segment.disown(batch.numbers);
    await this.seal();
    // If nothing else is in it, it can go even from a full disk.
    await this.#settle(segment).catch(() => {});
  }

  async #settle(segment: Segment): Promise<void> {
    const { segmentBytes } = this.#options;
    const isActive = segment === this.#active?.segment;
    if (isActive && segment.open.size === 0 && segment.bytes > segmentBytes / 4) await this.seal();
    if (segment.isDone) await this.#remove(segment);
    else if (segment.hasNews) await this.#writeNews(segment);
  }

  async #writeNews(segment: Segment): Promise<void> {
    // It may have got a new owner meanwhile, whose file this is.
    await this.#checkOne(segment);
    if (!this.holds(segment.segmentId)) return;
    const { bytes, written } = segment.news();
    const active = this.#active?.segment === segment ? this.#active.file : undefined;
    const file = active ?? (await this.#directory.files.open(this.#directory.own(segment.segmentId, 'spool')));
    try {
      await writeAll(file, bytes);
      written();
    } catch (error) {
      // Nobody knows where the file ends now.
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
      this.#known.delete(segment.segmentId);
    } catch (error) {
      segment.isGone = false;
      throw error;
    }
  }

  async #checkOne(segment: Segment): Promise<void> {
    const fate = await this.#fate(segment);
    if (fate !== 'ours') await this.#lose(segment, fate);
  }

  async #fate({ segmentId }: Segment): Promise<Fate> {
    if (await this.#directory.hasFile(this.#directory.own(segmentId, 'spool'))) return 'ours';
    if (this.#options.hasLapsed()) return 'taken';
    const names = await this.#directory.list().catch(() => []);
    return names.some((name) => name.kind === 'spool' && name.segmentId === segmentId) ? 'taken' : 'vanished';
  }

  async #lose(segment: Segment, fate: Fate): Promise<void> {
    if (this.#active?.segment === segment) await this.seal();
    this.#known.delete(segment.segmentId);
    for (const id of segment.ids()) this.#moved.delete(id);
    if (segment.open.size === 0) return;
    if (fate === 'taken') this.#options.onTaken(segment.ids());
    else this.#options.onVanished(segment.open.size);
  }
}

function fail(): never {
  throw new Error('lost twice');
}
