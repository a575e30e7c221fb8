import { deepEqual, equal } from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { filesIn, type Owner, Owners } from '../../support/spool.js';

const values = (owner: Owner): unknown[] => owner.recovered.map(({ value }) => value);

describe('a spool at the end of a process', () => {
  const owners = new Owners();
  afterEach(() => owners.endAll());

  async function found(directory: string): Promise<unknown[]> {
    const next = owners.open(directory);
    await next.pass(20_000);
    return values(next);
  }

  it('saves values at once, even before it has read its directory', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    equal(owner.spool.appendSync(['a', 'b']), true);
    equal(owner.spool.appendSync(['c']), true);
    equal(owner.spool.appendSync([]), true);
    await owner.die();
    deepEqual(await found(directory), ['a', 'b', 'c']);
  });

  it('does not disturb a running append', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const under: Promise<unknown>[] = [];
    for (let round = 0; round < 50; round++) {
      under.push(owner.spool.append([`async ${round}`, 'x'.repeat(50_000)]));
      await new Promise((resolve) => setImmediate(resolve));
      equal(owner.spool.appendSync([`sync ${round}`]), true);
    }
    await Promise.all(under);
    await owner.die();
    const all = await found(directory);
    equal(all.length, 150);
    equal(new Set(all).size, 101);
  });

  it('lets others adopt its entries at once, and voids a running append', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const { ids } = await owner.spool.append(['safe', 'delivered']);
    let tell = (): void => {};
    const written = new Promise<void>((resolve) => {
      tell = resolve;
    });
    let wake = (): void => {};
    const end = new Promise<undefined>((resolve) => {
      wake = () => resolve(undefined);
    });
    // The bytes are in the file, and the process ends before anybody hears of it.
    owner.files.fault = (call) => {
      if (call !== 'datasync') return undefined;
      tell();
      return end;
    };
    const underWay = owner.spool.append(['under way']);
    await written;
    owner.spool.acknowledge(ids.slice(1));
    owner.spool.put('key', 'value');
    equal(owner.spool.closeSync(['under way', 'last words']), true);
    const next = owners.open(directory);
    await next.spool.flush();
    deepEqual(values(next).toSorted(), ['last words', 'safe', 'under way']);
    deepEqual(
      (await next.spool.readAll()).map(({ key }) => key),
      ['key'],
    );
    wake();
    equal((await underWay).isDurable, false);
    deepEqual(owner.warnings, []);
  });

  it('leaves no file when all entries are acknowledged', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const { ids } = await owner.spool.append(['a']);
    owner.spool.acknowledge(ids);
    equal(owner.spool.closeSync(), true);
    deepEqual(await filesIn(directory), []);
  });

  it('reports a full disk, and leaves no part of a value', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    await owner.spool.append(['a']);
    owner.files.room = 100;
    equal(owner.spool.closeSync(['b', 'x'.repeat(200)]), false);
    owner.files.room = undefined;
    deepEqual(await found(directory), ['a']);
    equal(owner.warnings.length, 1);
  });

  it('can save values after it was closed', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    await owner.spool.close();
    equal(owner.spool.appendSync(['late']), true);
    const next = owners.open(directory);
    await next.spool.flush();
    deepEqual(values(next), ['late']);
  });

  it('A8: reports entries whose file is gone when the process ends, and saves them in a new folder', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    const { ids } = await owner.spool.append(['a', 'b']);
    const vanished: string[] = [];
    owner.spool.onVanished((gone) => vanished.push(...gone));
    owner.spool.checkSync();
    deepEqual(vanished, []);
    await rm(directory, { recursive: true });
    owner.spool.checkSync();
    deepEqual(vanished, ids);
    equal(owner.spool.closeSync(['a', 'b']), true);
    deepEqual(await found(directory), ['a', 'b']);
  });
});
