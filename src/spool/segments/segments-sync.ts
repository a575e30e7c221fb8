import type { Clock } from '../../util/clock.js';
import { writeAllSync } from '../disk/disk.js';
import { isMissing } from '../disk/errors.js';
import type { SpoolDirectory } from '../disk/spool-directory.js';
import { Segment } from './segment.js';

/** What a process does with its segments at its end, when nothing asynchronous happens any more. */
export class SegmentsEnd {
  readonly #directory: SpoolDirectory;
  readonly #clock: Clock;
  readonly #known: Map<string, Segment>;
  /** What is written to, because an asynchronous write may be under way in the segment of now. */
  #last: Segment | undefined;

  /** @param known - the segments that this process holds, by their births */
  constructor(directory: SpoolDirectory, clock: Clock, known: Map<string, Segment>) {
    this.#directory = directory;
    this.#clock = clock;
    this.#known = known;
  }

  /** More may be appended to it. */
  isLast(segment: Segment): boolean {
    return segment === this.#last;
  }

  /** Stores JSON texts in a file of their own; throws when the disk does not take them. */
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

  /** Writes down what is acknowledged, and removes what is done, as far as it goes. */
  journal(): void {
    for (const segment of this.#known.values()) {
      segment.isSealed = true;
      try {
        this.#settle(segment);
      } catch {
        // Then it is delivered once more; there is nobody left to try again.
      }
    }
  }

  /** A copy in the making: its entries stand elsewhere. */
  discard({ segmentId }: Segment): void {
    try {
      this.#directory.files.sync.remove(this.#directory.own(segmentId, 'spool'));
    } catch {
      // Then its entries come twice.
    }
  }

  #open(): { readonly segment: Segment; readonly descriptor: number } {
    const { sync } = this.#directory.files;
    const last = this.#last;
    if (last !== undefined && !last.isGone && this.#known.has(last.segmentId)) {
      try {
        return { segment: last, descriptor: sync.open(this.#directory.own(last.segmentId, 'spool')) };
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    const segment = new Segment(this.#directory.newId(), { isSealed: true });
    const descriptor = sync.create(this.#directory.own(segment.segmentId, 'spool'));
    this.#last = segment;
    this.#known.set(segment.segmentId, segment);
    return { segment, descriptor };
  }

  #settle(segment: Segment): void {
    const path = this.#directory.own(segment.segmentId, 'spool');
    if (segment.isDone || segment.isGone) this.#directory.files.sync.remove(path);
    else if (segment.hasNews) this.#writeNews(path, segment);
  }

  #writeNews(path: string, segment: Segment): void {
    const { sync } = this.#directory.files;
    const { bytes, written } = segment.news();
    const descriptor = sync.open(path);
    try {
      writeAllSync(sync, descriptor, bytes);
      written();
    } finally {
      sync.close(descriptor);
    }
  }
}
