import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesIn, filesIn, type Owner, Owners } from '../support/spool.js';

const values = (owner: Owner): unknown[] => owner.recovered.map(({ value }) => value);

describe('a spool', () => {
  const owners = new Owners();
  afterEach(() => owners.endAll());

  it('passes the entries of a dead process to the next one, in order, once it is known to be dead', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    const { isDurable, ids } = await first.spool.append([{ a: 1 }, 'b', null]);
    deepEqual([isDurable, ids.length], [true, 3]);
    await first.die();
    const second = owners.open(directory);
    await second.pass(14_000);
    deepEqual(values(second), []);
    await second.pass(3_000);
    deepEqual(values(second), [{ a: 1 }, 'b', null]);
    deepEqual(await filesIn(directory, '.beat'), (await filesIn(directory, '.beat')).slice(0, 1));
  });

  it('returns no acknowledged entry', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    const { ids } = await first.spool.append(['a', 'b', 'c']);
    first.spool.acknowledge(ids.slice(1, 2));
    await first.spool.flush();
    await first.die();
    const second = owners.open(directory);
    await second.pass(20_000);
    deepEqual(values(second), ['a', 'c']);
    second.spool.acknowledge(second.recovered.map(({ id }) => id));
    await second.spool.flush();
    deepEqual(await filesIn(directory, '.spool'), []);
  });

  it('lets others adopt its entries at once when it is closed, and leaves no file when all are acknowledged', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    const { ids } = await first.spool.append(['a', 'b']);
    first.spool.acknowledge([ids[0] as string]);
    await first.spool.close();
    const second = owners.open(directory);
    await second.spool.flush();
    deepEqual(values(second), ['b']);
    second.spool.acknowledge([second.recovered[0]?.id as string]);
    await second.spool.close();
    deepEqual(await filesIn(directory), []);
  });

  it('syncs once for each append, before it resolves', async () => {
    const owner = owners.open(await owners.folder());
    await owner.spool.append(['a', 'b', 'c']);
    equal(owner.files.calls.get('datasync'), 1);
  });

  it('does not adopt the entries of a living process', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    await first.spool.append(['a']);
    const second = owners.open(directory);
    for (let second_ = 0; second_ < 60; second_++) {
      await first.pass(1_000);
      await second.pass(1_000);
    }
    deepEqual(values(second), []);
    deepEqual(first.taken, []);
  });

  it('does not consider others dead because it slept itself', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    await first.spool.append(['a']);
    const second = owners.open(directory);
    await second.pass(8_000);
    // Both were frozen for an hour; the second is the first to look.
    second.sleep(3_600_000);
    first.sleep(3_600_000);
    await second.pass(4_000);
    await first.pass(4_000);
    await second.pass(20_000 - 8_000);
    deepEqual([values(second), first.taken], [[], []]);
  });

  it('works when the wall clock jumps a day either way', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory, { maxAgeMillis: 3_600_000 });
    first.clock.jump(86_400_000);
    await first.spool.append(['from the future']);
    await first.die();
    const second = owners.open(directory, { maxAgeMillis: 3_600_000 });
    await second.pass(20_000);
    deepEqual(values(second), ['from the future']);
    ok((second.recovered[0]?.writtenAtMillis ?? Number.NaN) <= second.clock.now());
    second.clock.jump(-86_400_000);
    await second.pass(20_000);
    equal((await second.spool.append(['a'])).isDurable, true);
  });

  it('drops and counts entries that are too old', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    await first.spool.append(['old']);
    await first.clock.advance(7_200_000);
    await first.spool.append(['new']);
    await first.spool.close();
    const second = owners.open(directory, { maxAgeMillis: 3_600_000 });
    second.clock.jump(7_200_000);
    await second.spool.flush();
    deepEqual([values(second), second.spool.stats().expired], [['new'], 1]);
  });

  it('creates its directory and files for its owner only', async () => {
    const directory = join(await owners.folder(), 'deep', 'inside');
    const owner = owners.open(directory);
    await owner.spool.append(['a']);
    owner.spool.appendSync(['b']);
    owner.spool.put('k', 1);
    await owner.spool.flush();
    equal((await stat(directory)).mode & 0o777, 0o700);
    const names = await filesIn(directory);
    equal(names.length, 4);
    for (const name of names) equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  });

  it('continues in a new directory when somebody removes it', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    await owner.spool.append(['a', 'b']);
    await rm(directory, { recursive: true });
    equal((await owner.spool.append(['c'])).isDurable, true);
    deepEqual([owner.spool.stats().pending, owner.spool.stats().vanished], [1, 2]);
    deepEqual([owner.warnings, owner.taken], [[], []]);
    await rm(directory, { recursive: true });
    await owner.pass(5_000);
    equal((await filesIn(directory, '.beat')).length, 1);
    equal((await owner.spool.append(['d'])).isDurable, true);
  });

  it('deletes segments whose entries are all acknowledged, and keeps within its bytes for a long time', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory, { maxBytes: 256 * 1024 });
    const text = 'x'.repeat(1_000);
    for (let round = 0; round < 600; round++) {
      const { ids, isDurable } = await owner.spool.append([text, text]);
      ok(isDurable, `round ${round}`);
      owner.spool.acknowledge(ids);
    }
    await owner.spool.flush();
    ok((await bytesIn(directory)) < 40_000);
  });

  it('refuses values that do not fit, keeps undelivered entries, and accepts more when there is room again', async () => {
    const directory = await owners.folder();
    const [one, two] = [
      owners.open(directory, { maxBytes: 256 * 1024 }),
      owners.open(directory, { maxBytes: 256 * 1024 }),
    ];
    const text = 'x'.repeat(2_000);
    const ids: string[] = [];
    let stored = 0;
    for (let round = 0; round < 200; round++) {
      const appended = await (round % 2 ? one : two).spool.append([text]);
      if (round % 2) ids.push(...appended.ids);
      stored += appended.ids.length;
    }
    const bytes = await bytesIn(directory);
    ok(bytes <= 256 * 1024 && bytes > 200 * 1024, `${bytes} bytes`);
    deepEqual([one.warnings.length, two.warnings.length], [1, 1]);
    match(one.warnings[0] ?? '', /262144 bytes/);
    equal(one.spool.stats().pending + two.spool.stats().pending, stored);
    one.spool.acknowledge(ids);
    await one.spool.flush();
    equal((await one.spool.append([text])).isDurable, true);
    equal((await two.spool.append([text])).isDurable, true);
    equal(one.spool.stats().failure, undefined);
  });

  describe('with a few undeliverable entries among many delivered ones', () => {
    const flowing = 'x'.repeat(1_000);

    /** Two megabytes through a directory of 256 kilobytes. */
    async function parked(owner: Owner): Promise<Map<string, string>> {
      const ids = new Map<string, string>();
      for (let round = 0; round < 130; round++) {
        const appended = await owner.spool.append([`parked ${round}`, ...Array.from({ length: 16 }, () => flowing)]);
        ok(appended.isDurable, `round ${round}`);
        ids.set(`parked ${round}`, appended.ids[0] as string);
        owner.spool.acknowledge(appended.ids.slice(1));
      }
      await owner.spool.flush();
      return ids;
    }

    it('merges their segments, and they keep their ids', async () => {
      const directory = await owners.folder();
      const owner = owners.open(directory, { maxBytes: 256 * 1024 });
      const ids = await parked(owner);
      ok((await bytesIn(directory)) <= 256 * 1024);
      equal(owner.spool.stats().pending, 130);
      const even = [...ids].filter((_, index) => index % 2 === 0);
      owner.spool.acknowledge(even.map(([, id]) => id));
      await owner.spool.flush();
      equal(owner.spool.stats().pending, 65);
      await owner.die();
      const next = owners.open(directory);
      await next.pass(20_000);
      deepEqual(values(next).toSorted(), [...ids.keys()].filter((_, index) => index % 2 === 1).toSorted());
      deepEqual([next.spool.stats().damaged, owner.spool.stats().vanished, owner.warnings], [0, 0, []]);
    });

    it('acknowledges an entry that is being moved', async () => {
      const directory = await owners.folder();
      const owner = owners.open(directory, { maxBytes: 256 * 1024 });
      const open = new Map<string, string>();
      owner.files.fault = (call) => {
        const [oldest] = open;
        // Each time something is about to be safe on the disk, and so each time something was moved.
        if (call !== 'datasync' || oldest === undefined || open.size < 40) return undefined;
        open.delete(oldest[0]);
        owner.spool.acknowledge([oldest[1]]);
        return undefined;
      };
      for (let round = 0; round < 130; round++) {
        const { ids } = await owner.spool.append([`parked ${round}`, ...Array.from({ length: 16 }, () => flowing)]);
        open.set(`parked ${round}`, ids[0] as string);
        owner.spool.acknowledge(ids.slice(1));
      }
      await owner.spool.flush();
      equal(owner.spool.stats().pending, open.size);
      await owner.die();
      const next = owners.open(directory);
      await next.pass(20_000);
      deepEqual(values(next).toSorted(), [...open.keys()].toSorted());
    });

    it('keeps their ids when another process adopts them', async () => {
      const directory = await owners.folder();
      const owner = owners.open(directory, { maxBytes: 256 * 1024 });
      const ids = await parked(owner);
      const heir = owners.open(directory);
      await heir.pass(20_000);
      owner.sleep(30_000);
      await owner.pass(4_000);
      deepEqual(owner.taken.toSorted(), [...ids.values()].toSorted());
      equal(values(heir).length, 130);
    });
  });

  it('keeps its heartbeat while each operation of the disk takes a second', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    await owner.spool.append(['a']);
    const other = owners.open(directory);
    owner.files.fault = () =>
      new Promise((resolve) => {
        owner.clock.after(1_000, () => resolve(undefined));
      });
    const underWay = owner.spool.append(['b']);
    for (let second = 0; second < 60; second++) {
      await owner.clock.advance(1_000);
      await other.pass(1_000);
      // The real disk needs real time.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    deepEqual(values(other), []);
    owner.files.fault = undefined;
    await owner.clock.advance(1_000);
    equal((await underWay).isDurable, true);
    deepEqual([owner.taken, owner.warnings], [[], []]);
  });

  it('reports that a value that is no JSON is not saved', async () => {
    const owner = owners.open(await owners.folder());
    equal((await owner.spool.append([1n])).isDurable, false);
    equal((await owner.spool.append([undefined])).isDurable, false);
    equal(owner.spool.appendSync([() => 1]), false);
    equal((await owner.spool.append([])).isDurable, true);
    equal((await owner.spool.append(['\u2028 \ud800 \u001e \n'])).isDurable, true);
  });

  it('ignores ids that it does not know, and listeners that throw', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    await first.spool.append(['a']);
    first.spool.acknowledge(['', 'x', ':', 'x:1', '../x:0']);
    await first.spool.close();
    const second = owners.open(directory, { isDeaf: true });
    second.spool.onRecovered(() => {
      throw new Error('mine');
    });
    await second.pass(5_000);
    equal(second.spool.stats().recovered, 1);
  });

  it('A7: tells recent heartbeats from those that stopped before, by the clock of the disk', async () => {
    const directory = await owners.folder();
    const [living, stopped, ended] = [owners.open(directory), owners.open(directory), owners.open(directory)];
    for (const { spool } of [living, stopped, ended]) await spool.flush();
    await ended.spool.close();
    const past = Date.now() / 1_000 - 16;
    await utimes(join(directory, `${stopped.spool.id}.beat`), past, past);
    const own = owners.open(directory);
    equal(await own.spool.heartbeats(), undefined, 'it has not read its directory yet');
    await own.spool.flush();
    deepEqual(
      await own.spool.heartbeats(),
      new Map([
        [living.spool.id, 'recent'],
        [stopped.spool.id, 'silent'],
        [own.spool.id, 'recent'],
      ]),
    );
  });

  it('adopts nothing before there is a listener', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    await first.spool.append(['a']);
    await first.die();
    const second = owners.open(directory, { isDeaf: true });
    await second.pass(60_000);
    const heard: unknown[] = [];
    second.spool.onRecovered((entries) => heard.push(...entries.map(({ value }) => value)));
    await second.pass(5_000);
    deepEqual(heard, ['a']);
  });

  it('has no timer left once it is closed', async () => {
    const owner = owners.open(await owners.folder());
    await owner.spool.append(['a']);
    await owner.spool.close();
    await owner.spool.close();
    equal(owner.clock.timers(), 0);
    equal((await owner.spool.append(['b'])).isDurable, false);
  });
});
