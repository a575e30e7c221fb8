import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { type Chunk, ChunkList } from '../../../src/groups/saved/chunks.js';

const STORED = { hasSample: true };

describe('the chunks of a group', () => {
  it('are saved as one, with the times of the first and the last record', () => {
    const kept = new ChunkList();
    kept.add(2, 500);
    kept.add(3, 100);
    const [chunk, ...more] = kept.take();
    deepEqual(more, []);
    deepEqual([chunk?.records, chunk?.firstSeenMillis, chunk?.lastSeenMillis], [5, 100, 500]);
    deepEqual(kept.take(), []);
  });

  it('are acknowledged, entry by entry, when all their records are shown', () => {
    const kept = new ChunkList();
    for (const id of ['a', 'b']) {
      kept.add(3, 0);
      for (const chunk of kept.take()) kept.stored(chunk, id);
    }
    deepEqual(kept.show(2), []);
    deepEqual(kept.show(1), ['a']);
    deepEqual(kept.show(3), ['b']);
  });

  it('are acknowledged at once when they were shown while being saved', () => {
    const kept = new ChunkList();
    kept.add(3, 0);
    const [chunk] = kept.take() as [Chunk];
    deepEqual(kept.show(3), []);
    equal(kept.stored(chunk, 'a'), false);
  });

  it('that could not be saved are joined with the next records', () => {
    const kept = new ChunkList();
    kept.add(3, 100);
    const [chunk] = kept.take() as [Chunk];
    kept.add(1, 200);
    kept.failed(chunk);
    const [next, ...more] = kept.take();
    deepEqual([next?.records, next?.firstSeenMillis, next?.lastSeenMillis, more.length], [4, 100, 200, 0]);
  });

  it('store the complete sample in one entry, and in a new one after its acknowledgement', () => {
    const kept = new ChunkList();
    const sampled = (id: string): boolean => {
      kept.add(1, 0);
      const [chunk] = kept.take() as [Chunk];
      kept.stored(chunk, id);
      return chunk.hasSample;
    };
    deepEqual([sampled('a'), sampled('b')], [true, false]);
    kept.show(1);
    deepEqual([sampled('c'), sampled('d')], [true, false]);
  });

  it('can be removed for another process, except for shown records', () => {
    const kept = new ChunkList();
    kept.restore(5, 0, { id: 'a', ...STORED });
    kept.restore(2, 0, { id: 'b', ...STORED });
    kept.show(1);
    equal(kept.remove('a'), 4);
    equal(kept.remove('a'), 0);
    deepEqual(kept.show(2), ['b']);
  });

  it('can be dropped, except for saved ones', () => {
    const kept = new ChunkList();
    kept.restore(5, 0, { id: 'a', ...STORED });
    kept.add(2, 0);
    const [chunk] = kept.take() as [Chunk];
    kept.add(1, 0);
    equal(kept.removeUnsaved(), 3);
    equal(kept.stored(chunk, 'b'), false);
  });

  it('count each record once, in any order of events', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'take', 'stored', 'failed', 'show', 'restore', 'handOver', 'drop'),
      number: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const kept = new ChunkList();
        const underway: Chunk[] = [];
        const open: string[] = [];
        let waiting = 0;
        let ids = 0;
        const over = (gone: readonly string[]): void => {
          for (const id of gone) {
            equal(open.includes(id), true, 'an entry is over once');
            open.splice(open.indexOf(id), 1);
          }
        };
        const run: Record<string, (number: number) => void> = {
          add(records) {
            kept.add(records, 0);
            waiting += records;
          },
          take: () => underway.push(...kept.take()),
          stored() {
            const id = `id${ids++}`;
            const chunk = underway.shift();
            if (chunk && kept.stored(chunk, id)) open.push(id);
          },
          failed() {
            const chunk = underway.shift();
            if (chunk) kept.failed(chunk);
          },
          show(records) {
            const shown = Math.min(records, waiting);
            over(kept.show(shown));
            waiting -= shown;
          },
          restore(records) {
            const id = `id${ids++}`;
            kept.restore(records, 0, { id, ...STORED });
            open.push(id);
            waiting += records;
          },
          handOver() {
            const id = open.shift();
            if (id) waiting -= kept.remove(id);
          },
          drop() {
            waiting -= kept.removeUnsaved();
          },
        };
        for (const { what, number } of steps) run[what]?.(number);
        over(kept.show(waiting));
        equal(kept.removeUnsaved(), 0, 'nothing is left');
        deepEqual(open, [], 'all entries are over');
      }),
    );
  });
});
