import type { Clock } from '../../util/index.js';
import { writeAllSync } from '../disk/disk.js';
import { isMissing } from '../disk/errors.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';
import { Segment } from './segment.js';

/** The synchronous operations on the segments of a process that ends. */
export class SegmentsEnd {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  readonly #segments: Map<string, Segment>;
  /** The segment for synchronous appends. It is separate, because an asynchronous write may be running in the active one. */
  #last: Segment | undefined;

  /** @param segments - the segments of this process, by id */
  constructor(directory: SpoolDirectory, clock: Clock, segments: Map<string, Segment>) {
    this.#directory = directory;
    this.#clock = clock;
    this.#segments = segments;
  }

  /** Whether this is the segment for synchronous appends. */
  isLast(segment: Segment): boolean {
    return segment === this.#last;
  }

  /** Saves JSON texts in a separate segment. Throws when that fails. */
  append(texts: readonly string[]): void {
    const { sync } = this.#directory.files;
    const { segment, descriptor } = this.#open();
    const batch = segment.encode(texts, this.#clock.now());
    try {
      writeAllSync(sync, descriptor, batch.bytes);
      sync.sync(descriptor);
    } catch (error) {
      segment.disown(batch.numbers);
      throw error;
    } finally {
      sync.close(descriptor);
    }
    segment.stored(batch);
  }

  /** Returns the segments with open entries whose file does not exist. */
  vanished(): readonly Segment[] {
    return [...this.#segments.values()].filter((segment) => segment.open.size > 0 && this.#isGone(segment));
  }

  /** Writes acknowledgements and removes finished segments, and ignores errors. */
  journal(): void {
    for (const segment of this.#segments.values()) {
      segment.isSealed = true;
      try {
        this.#settle(segment);
      } catch {
        // The next process then delivers these entries again.
      }
    }
  }

  /** Removes an unfinished copy. Its entries are also in the segments that were being merged. */
  discard({ segmentId }: Segment): void {
    try {
      this.#directory.files.sync.remove(this.#directory.own(segmentId, 'spool'));
    } catch {
      // The next process then recovers these entries twice.
    }
  }

  #open(): { readonly segment: Segment; readonly descriptor: number } {
    const { sync } = this.#directory.files;
    const last = this.#last;
    if (last !== undefined && !last.isGone && this.#segments.has(last.segmentId)) {
      try {
        return { segment: last, descriptor: sync.open(this.#directory.own(last.segmentId, 'spool')) };
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    const segment = new Segment(this.#directory.newId(), { isSealed: true });
    const descriptor = sync.create(this.#directory.own(segment.segmentId, 'spool'));
    this.#last = segment;
    this.#segments.set(segment.segmentId, segment);
    return { segment, descriptor };
  }

  #isGone({ segmentId }: Segment): boolean {
    try {
      return !this.#directory.files.sync.facts(this.#directory.own(segmentId, 'spool')).isFile;
    } catch (error) {
      return isMissing(error);
    }
  }

  #settle(segment: Segment): void {
    const path = this.#directory.own(segment.segmentId, 'spool');
    if (segment.isDone || segment.isGone) this.#directory.files.sync.remove(path);
    else if (segment.hasUnjournaled) this.#writeAcknowledgements(path, segment);
  }

  #writeAcknowledgements(path: string, segment: Segment): void {
    const { sync } = this.#directory.files;
    const { bytes, written } = segment.acknowledgements();
    const descriptor = sync.open(path);
    try {
      writeAllSync(sync, descriptor, bytes);
      written();
    } finally {
      sync.close(descriptor);
    }
  }
}
