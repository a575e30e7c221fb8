import { deepEqual, equal, ok } from 'node:assert/strict';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyValueEntry } from '../../src/spool/key-value-log.js';
import { bytesIn, filesIn, type Owner, Owners, onlyFile } from '../support/spool.js';

const pairs = (items: readonly KeyValueEntry[]): unknown[] => items.map(({ key, value }) => [key, value]);
const recall = async (owner: Owner): Promise<unknown[]> => pairs(await owner.spool.readAll());

describe('the key-value log of a spool', () => {
  const owners = new Owners();
  afterEach(() => owners.endAll());

  it('returns the latest value of each key, newest first, at once and after the process died', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    for (const [key, value] of [
      ['a', 1],
      ['b', { x: 'y' }],
      ['a', 2],
    ] as const)
      first.spool.put(key, value);
    const expected = [
      ['a', 2],
      ['b', { x: 'y' }],
    ];
    await first.clock.advance(1_000);
    deepEqual(await recall(first), expected);
    await first.spool.flush();
    await first.die();
    const second = owners.open(directory);
    second.clock.jump(1_000);
    deepEqual(await recall(second), expected);
    await second.pass(30_000);
    deepEqual(await recall(second), expected);
    equal((await filesIn(directory, '.memory')).length, 1);
  });

  it('is shared by living processes', async () => {
    const directory = await owners.folder();
    const [first, second] = [owners.open(directory), owners.open(directory)];
    first.spool.put('a', 'first');
    await first.spool.flush();
    await second.clock.advance(10);
    second.spool.put('a', 'second');
    second.spool.put('b', 1);
    await second.spool.flush();
    await first.clock.advance(20);
    deepEqual(await recall(first), [
      ['b', 1],
      ['a', 'second'],
    ]);
  });

  it('survives fifty dead processes', async () => {
    const directory = await owners.folder();
    for (let life = 0; life < 50; life++) {
      const owner = owners.open(directory);
      owner.clock.jump(life * 1_000);
      equal((await owner.spool.readAll()).length, life);
      owner.spool.put(`life ${life}`, life);
      await owner.spool.close();
    }
    const last = owners.open(directory);
    last.clock.jump(60_000);
    await last.spool.flush();
    deepEqual((await recall(last))[0], ['life 49', 49]);
    equal((await filesIn(directory, '.memory')).length, 1);
  });

  it('keeps the later value when the wall clock jumps back', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    owner.spool.put('a', 'before');
    owner.clock.jump(-86_400_000);
    owner.spool.put('a', 'after');
    await owner.spool.close();
    const next = owners.open(directory);
    next.clock.jump(-86_400_000);
    const [item] = await next.spool.readAll();
    equal(item?.value, 'after');
    ok((item?.writtenAtMillis ?? Number.NaN) <= next.clock.now());
  });

  it('adopts the latest value of a key although its own clock is behind all of them', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    for (const count of [66, 103, 596]) {
      first.spool.put('problem', count);
      await first.spool.flush();
    }
    await first.die();
    const second = owners.open(directory);
    second.clock.jump(-86_400_000);
    await second.pass(30_000);
    deepEqual(await recall(second), [['problem', 596]]);
    await second.spool.close();
    deepEqual(await recall(owners.open(directory)), [['problem', 596]]);
  });

  it('adopts the latest of two dead processes although its own clock is behind both', async () => {
    const directory = await owners.folder();
    const [first, second] = [owners.open(directory), owners.open(directory)];
    second.clock.jump(1_000);
    for (const [owner, count] of [
      [second, 2],
      [first, 1],
    ] as const) {
      owner.spool.put('problem', count);
      await owner.spool.flush();
    }
    await first.die();
    await second.die();
    const third = owners.open(directory);
    third.clock.jump(-86_400_000);
    deepEqual(await recall(third), [['problem', 2]]);
    await third.pass(30_000);
    deepEqual(await recall(third), [['problem', 2]]);
  });

  it('keeps its own value when it adopts one of a process whose clock was ahead', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    first.clock.jump(86_400_000);
    first.spool.put('problem', 'before');
    await first.spool.flush();
    await first.die();
    const second = owners.open(directory);
    await second.clock.advance(1_000);
    second.spool.put('problem', 'after');
    await second.spool.flush();
    await second.pass(30_000);
    deepEqual(await recall(second), [['problem', 'after']]);
  });

  it('is written before acknowledgements, so that no count goes back after a kill', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const { ids } = await owner.spool.append(['a']);
    const written: string[] = [];
    owner.files.fault = (call, path) => {
      if (call === 'write') written.push(path.slice(path.lastIndexOf('.')));
      return undefined;
    };
    await owner.spool.append(['b']);
    written.length = 0;
    owner.spool.acknowledge(ids);
    owner.spool.put('problem', { count: 1 });
    await owner.spool.flush();
    deepEqual(written, ['.memory', '.spool']);
  });

  it('does not prevent acknowledgements when it cannot be written', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const { ids } = await owner.spool.append(['a', 'b']);
    owner.files.fault = (_call, path) => (path.endsWith('.memory') ? 'EIO' : undefined);
    owner.spool.put('problem', { count: 1 });
    owner.spool.acknowledge(ids.slice(0, 1));
    await owner.spool.flush();
    await owner.die();
    const next = owners.open(directory);
    await next.pass(20_000);
    deepEqual(
      next.recovered.map(({ value }) => value),
      ['b'],
    );
  });

  it('keeps the newest 2,000 keys; its file does not grow with each value', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    for (let at = 0; at < 30_000; at++) {
      owner.spool.put(`key ${at % 5_000}`, at);
      if (at % 500 === 0) await owner.spool.flush();
    }
    await owner.spool.flush();
    await owner.clock.advance(60_000);
    const all = await owner.spool.readAll();
    equal(all.length, 2_000);
    deepEqual(all[0]?.value, 29_999);
    ok((await bytesIn(directory)) < 500_000, `${await bytesIn(directory)} bytes`);
  });

  it('ignores values that are too long or no JSON', async () => {
    const owner = owners.open(await owners.folder());
    owner.spool.put('long', 'x'.repeat(20_000));
    owner.spool.put('big', 1n);
    owner.spool.put('fine', 1);
    deepEqual(await recall(owner), [['fine', 1]]);
  });

  it('loses only damaged values', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    for (const key of ['a', 'b', 'c']) first.spool.put(key, key);
    await first.spool.close();
    const { path, bytes } = await onlyFile(directory, '.memory');
    bytes[bytes.indexOf('"b"')] = 0x0a;
    await writeFile(path, bytes);
    await appendFile(path, '\x1ehalf a fra');
    const second = owners.open(directory);
    await second.clock.advance(1_000);
    deepEqual(await recall(second), [
      ['c', 'c'],
      ['a', 'a'],
    ]);
    await second.pass(5_000);
    equal((await recall(second)).length, 2);
  });

  it('survives the removal of its file, and a sudden end of the process', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    first.spool.put('a', 1);
    await first.spool.flush();
    const { path } = await onlyFile(directory, '.memory');
    await first.files.remove(path);
    first.spool.put('b', 2);
    await first.spool.flush();
    first.spool.put('c', 3);
    first.spool.closeSync();
    const second = owners.open(join(directory));
    await second.clock.advance(1_000);
    deepEqual(await recall(second), [
      ['c', 3],
      ['b', 2],
      ['a', 1],
    ]);
  });

  it('A8: is written again when somebody removes the folder, without a new value', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    owner.spool.put('a', 1);
    await owner.spool.flush();
    await rm(directory, { recursive: true });
    await owner.pass(9_000);
    const next = owners.open(directory);
    deepEqual(await recall(next), [['a', 1]]);
  });
});
