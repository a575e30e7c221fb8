import { deepEqual, equal } from 'node:assert/strict';
import { readContents, toRanges } from '../../../src/spool/segments/contents.js';
import { encodeFrame } from '../../../src/spool/segments/frame.js';

const entry = (number: number, value: unknown = `v${number}`): Buffer =>
  encodeFrame('entry', JSON.stringify([number, 1_000 + number, value]));
const acknowledged = (...numbers: number[]): Buffer => encodeFrame('acknowledged', JSON.stringify(toRanges(numbers)));
const adopted = (): Buffer => encodeFrame('adopted', '"x"');
const damage = (bytes: Buffer): Buffer => {
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 3] = (damaged[damaged.length - 3] ?? 0) ^ 0x40;
  return damaged;
};

async function read(...parts: Buffer[]): Promise<{ values: unknown[]; damaged: readonly number[]; next: number }> {
  const { entries, damaged, next } = await readContents(Buffer.concat(parts));
  return { values: entries.map(({ value }) => value), damaged, next };
}

describe('the contents of a segment', () => {
  it('are the entries without an acknowledgement anywhere in the file', async () => {
    deepEqual(await read(acknowledged(2), entry(0), entry(1), acknowledged(0), entry(2), entry(3)), {
      values: ['v1', 'v3'],
      damaged: [],
      next: 4,
    });
  });

  it('count damaged entries in the middle and at the end', async () => {
    deepEqual((await read(entry(0), damage(entry(1)), entry(2))).damaged, [1]);
    deepEqual((await read(damage(entry(0)), damage(entry(1)), entry(2))).damaged, [0, 1]);
    deepEqual((await read(entry(0), damage(entry(1)), damage(entry(2)))).damaged, [1, 2]);
    deepEqual((await read(entry(0), entry(1).subarray(0, 12))).damaged, [1]);
    deepEqual((await read(Buffer.from('something else\n'.repeat(9)))).damaged, [0]);
  });

  it('count neither acknowledged entries nor damage to other frames', async () => {
    deepEqual((await read(entry(0), damage(entry(1)), acknowledged(1))).damaged, []);
    deepEqual((await read(entry(0), damage(acknowledged(0)), damage(adopted()))).damaged, []);
    deepEqual((await read()).damaged, []);
  });

  it('count damage once, if the reader acknowledges it', async () => {
    const parts = [entry(0), damage(entry(1)), entry(2), damage(entry(3)), entry(4).subarray(0, 20)];
    const { damaged } = await read(...parts);
    deepEqual(damaged, [1, 3, 4]);
    deepEqual(await read(...parts, acknowledged(...damaged)), { values: ['v0', 'v2'], damaged: [], next: 5 });
  });

  it('contain no entry that the former owner wrote after the adoption', async () => {
    deepEqual((await read(entry(0), adopted(), entry(1), acknowledged(0))).values, []);
    deepEqual((await read(entry(0), entry(1), adopted(), entry(2))).values, ['v0', 'v1']);
  });

  it('are read despite invalid frames with a correct checksum', async () => {
    const nonsense = [null, {}, [], [1], [-1, 0, 0], ['0', 0, 0], [0.5, 1, 1], [2 ** 40, 1, 1]];
    const frames = nonsense.map((body) => encodeFrame('entry', JSON.stringify(body)));
    const lies = [[0], [3, 1], [0, 2 ** 50], ['a', 'b'], null].map((body) =>
      encodeFrame('acknowledged', JSON.stringify(body)),
    );
    deepEqual((await read(...frames, ...lies, encodeFrame('entry', 'no JSON'), entry(0))).values, ['v0']);
  });

  it('store acknowledgements as ranges', () => {
    deepEqual(toRanges([7, 1, 3, 2]), [1, 3, 7, 7]);
    deepEqual(toRanges([]), []);
    equal(toRanges(Array.from({ length: 1_000 }, (_, index) => index)).length, 2);
  });
});
