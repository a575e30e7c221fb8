import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { bytesIn, type Owner, Owners } from '../support/spool.js';

const KIB = 1_024;
/** The smallest spool that the options permit. */
const MAX_BYTES = 64 * KIB;

describe('the bytes of a spool', () => {
  const owners = new Owners();
  afterEach(() => owners.endAll());

  const small = async (): Promise<{ readonly owner: Owner; readonly directory: string }> => {
    const directory = await owners.folder();
    return { owner: owners.open(directory, { maxBytes: MAX_BYTES }), directory };
  };

  async function isWithin(directory: string): Promise<void> {
    const bytes = await bytesIn(directory);
    ok(bytes <= MAX_BYTES, `${bytes} bytes`);
  }

  it('hold for one huge value, and the other values of its batch are saved', async () => {
    const { owner, directory } = await small();
    const { ids, isDurable } = await owner.spool.append(['before', 'x'.repeat(2 * MAX_BYTES), 'after']);
    equal(isDurable, false);
    match(owner.warnings.join(), /an entry needs 131138 bytes, and maxBytes is 65536/);
    deepEqual(
      ids.map((id) => id !== ''),
      [true, false, true],
    );
    await isWithin(directory);
    owner.spool.acknowledge(ids);
    equal((await owner.spool.append(['next'])).isDurable, true);
    await owner.die();
    const next = owners.open(directory);
    await next.pass(20_000);
    deepEqual(
      next.recovered.map(({ value }) => value),
      ['next'],
    );
  });

  it('hold for one huge value at the end of the process, and the other values are saved', async () => {
    const { owner, directory } = await small();
    await owner.spool.flush();
    equal(owner.spool.closeSync(['before', 'x'.repeat(2 * MAX_BYTES), 'after']), false);
    await isWithin(directory);
    const next = owners.open(directory);
    await next.pass(20_000);
    deepEqual(
      next.recovered.map(({ value }) => value),
      ['before', 'after'],
    );
  });

  it('hold for a batch that is larger than the spool: its beginning is saved', async () => {
    const { owner, directory } = await small();
    const batch = Array.from({ length: 200 }, (_, at) => `${at} ${'x'.repeat(KIB)}`);
    const { ids } = await owner.spool.append(batch);
    const saved = ids.filter((id) => id !== '').length;
    ok(saved > 40 && saved < 64, `${saved} are saved`);
    equal(ids.length, batch.length);
    match(owner.warnings.join(), /65536 bytes/);
    await isWithin(directory);
    owner.spool.acknowledge(ids);
    await owner.spool.flush();
    equal((await owner.spool.append(batch.slice(saved, saved + 10))).isDurable, true);
  });

  it('hold for the notification log, with many large states beside waiting entries', async () => {
    const { owner, directory } = await small();
    const text = 'x'.repeat(KIB);
    const entries: string[] = [];
    for (let round = 0; round < 300; round++) {
      entries.push(...(await owner.spool.append([text])).ids);
      owner.spool.put(`key ${round % 50}`, `${round} ${text}`);
      await owner.spool.flush();
      if (round % 20 === 0) await isWithin(directory);
    }
    await isWithin(directory);
    owner.spool.acknowledge(entries);
    await owner.spool.flush();
    owner.spool.put('last', 'state');
    await owner.spool.flush();
    await isWithin(directory);
    const next = owners.open(directory, { maxBytes: MAX_BYTES });
    ok((await next.spool.readAll()).some(({ key }) => key === 'last'));
  });

  it('hold for the notification log when the process ends with a full spool', async () => {
    const { owner, directory } = await small();
    while ((await owner.spool.append(['x'.repeat(KIB)])).isDurable);
    for (let at = 0; at < 100; at++) owner.spool.put(`key ${at}`, 'x'.repeat(KIB));
    owner.spool.closeSync(['x'.repeat(KIB)]);
    await isWithin(directory);
  });
});
