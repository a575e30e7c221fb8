import { deepEqual, equal, ok } from 'node:assert/strict';
import { filesIn, type Owner, Owners } from '../support/spool.js';

const values = (owner: Owner): unknown[] => owner.recovered.map(({ value }) => value);

describe('a process that wakes up after others considered it dead', () => {
  const owners = new Owners();
  afterEach(() => owners.endAll());

  /** Two owners; the first sleeps until the second has all it had. */
  async function slept(directory: string): Promise<{ sleeper: Owner; heir: Owner; ids: readonly string[] }> {
    const sleeper = owners.open(directory);
    const { ids } = await sleeper.spool.append(['a', 'b', 'c']);
    sleeper.spool.acknowledge(ids.slice(0, 1));
    await sleeper.spool.flush();
    const heir = owners.open(directory);
    await heir.pass(20_000);
    deepEqual(values(heir), ['b', 'c']);
    return { sleeper, heir, ids };
  }

  it('finds at its next check which entries were adopted, and continues in a new segment', async () => {
    const directory = await owners.folder();
    const { sleeper, heir, ids } = await slept(directory);
    sleeper.sleep(60_000);
    await sleeper.pass(4_000);
    deepEqual(sleeper.taken, ids.slice(1));
    equal((await sleeper.spool.append(['d'])).isDurable, true);
    equal(sleeper.spool.stats().pending, 1);
    await sleeper.die();
    await heir.pass(24_000);
    deepEqual(values(heir), ['b', 'c', 'd']);
    deepEqual([sleeper.warnings, heir.warnings], [[], []]);
  });

  it('finds adopted entries when it verifies before a delivery', async () => {
    const { sleeper, ids } = await slept(await owners.folder());
    await sleeper.spool.verify();
    deepEqual(sleeper.taken, []);
    sleeper.sleep(30_000);
    await sleeper.spool.verify();
    deepEqual(sleeper.taken, ids.slice(1));
  });

  it('appends to no file of others, and loses none of its entries', async () => {
    const directory = await owners.folder();
    const { sleeper, heir } = await slept(directory);
    const { isDurable } = await sleeper.spool.append(['d']);
    ok(isDurable);
    deepEqual(sleeper.taken.length, 2);
    heir.spool.acknowledge(heir.recovered.map(({ id }) => id));
    await heir.spool.close();
    equal((await filesIn(directory, '.spool')).length, 1);
    equal(sleeper.spool.stats().pending, 1);
  });

  for (const moment of ['write', 'datasync'] as const) {
    it(`saves each entry once when it fell asleep before its ${moment}`, async () => {
      const directory = await owners.folder();
      const sleeper = owners.open(directory);
      await sleeper.spool.append(['a']);
      const heir = owners.open(directory);
      sleeper.files.fault = async (call, path) => {
        if (call !== moment || !path.endsWith('.spool')) return undefined;
        sleeper.files.fault = undefined;
        await heir.pass(20_000);
        return undefined;
      };
      const { isDurable, ids } = await sleeper.spool.append(['b']);
      ok(isDurable);
      await new Promise((resolve) => setImmediate(resolve));
      const isHeirs = moment === 'datasync';
      deepEqual(values(heir), isHeirs ? ['a', 'b'] : ['a']);
      equal(sleeper.taken.includes(ids[0] as string), isHeirs);
      await sleeper.spool.close();
      await heir.spool.close();
      const last = owners.open(directory);
      await last.pass(20_000);
      deepEqual(values(last).toSorted(), ['a', 'b']);
    });
  }

  it('does not deliver entries again that were all delivered meanwhile', async () => {
    const directory = await owners.folder();
    const { sleeper, heir, ids } = await slept(directory);
    heir.spool.acknowledge(heir.recovered.map(({ id }) => id));
    await heir.spool.close();
    sleeper.sleep(30_000);
    await sleeper.pass(4_000);
    deepEqual(sleeper.taken, ids.slice(1));
    equal(sleeper.spool.stats().vanished, 0);
  });
});
