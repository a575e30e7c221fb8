import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refusalOf } from '../../../src/spool/disk/directory-permissions.js';
import { bytesIn, filesIn, type Owner, Owners } from '../../support/spool.js';

const values = (owner: Owner): unknown[] => owner.recovered.map(({ value }) => value);

describe('a spool with a failing disk', () => {
  const owners = new Owners();
  afterEach(() => owners.endAll());

  /** What the next process finds. */
  async function left(directory: string, owner: Owner): Promise<unknown[]> {
    await owner.spool.close();
    const next = owners.open(directory);
    await next.pass(1_000);
    return values(next);
  }

  it('keeps no part of an append that did not fit on the disk, warns once, and recovers', async () => {
    const directory = await owners.folder();
    const owner = owners.open(directory);
    await owner.spool.append(['before']);
    owner.files.room = 50;
    equal((await owner.spool.append(['torn', 'in', 'pieces'])).isDurable, false);
    await owner.pass(16_000);
    equal((await owner.spool.append(['no room'])).isDurable, false);
    await owner.pass(16_000);
    equal((await owner.spool.append(['no room'])).isDurable, false);
    deepEqual(owner.warnings, ['the disk is full (ENOSPC)']);
    equal(owner.spool.stats().failure, 'the disk is full (ENOSPC)');
    owner.files.room = undefined;
    await owner.pass(16_000);
    equal((await owner.spool.append(['after'])).isDurable, true);
    equal(owner.spool.stats().failure, undefined);
    deepEqual(await left(directory, owner), ['before', 'after']);
  });

  it('warns again at the next failure', async () => {
    const owner = owners.open(await owners.folder());
    for (let round = 0; round < 2; round++) {
      owner.files.room = 0;
      await owner.spool.append(['a']);
      owner.files.room = undefined;
      await owner.pass(16_000);
      await owner.spool.append(['b']);
    }
    equal(owner.warnings.length, 2);
  });

  it('does not use the disk for a while after a failure', async () => {
    const owner = owners.open(await owners.folder());
    await owner.spool.flush();
    owner.files.fault = (call) => (call === 'datasync' ? 'EIO' : undefined);
    await owner.spool.append(['a']);
    const before = owner.files.calls.get('write');
    for (let at = 0; at < 100; at++) equal((await owner.spool.append(['a'])).isDurable, false);
    equal(owner.files.calls.get('write'), before);
    deepEqual(owner.warnings, ['EIO']);
  });

  for (const code of ['ENOSPC', 'EROFS', 'EMFILE', 'EACCES', 'EIO']) {
    for (const call of [
      'makeDirectory',
      'facts',
      'create',
      'write',
      'datasync',
      'list',
      'remove',
      'open',
      'rename',
      'read',
    ]) {
      it(`neither throws nor loses saved entries when ${call} fails with ${code}, and recovers`, async () => {
        const directory = await owners.folder();
        const dead = owners.open(directory);
        await dead.spool.append(['dead']);
        await dead.spool.close();
        const owner = owners.open(directory);
        owner.files.fault = (name) => (name === call ? code : undefined);
        owner.spool.put('key', 1);
        const { isDurable, ids } = await owner.spool.append(['a', 'b']);
        equal(ids.length, isDurable ? 2 : 0);
        owner.spool.acknowledge(ids.slice(0, 1));
        owner.spool.appendSync(['c']);
        await owner.pass(10_000);
        await owner.spool.readAll();
        ok(owner.warnings.length <= 2, owner.warnings.join());
        owner.files.fault = undefined;
        await owner.pass(20_000);
        deepEqual(values(owner), ['dead']);
        equal((await owner.spool.append(['d'])).isDurable, true);
        equal(owner.spool.stats().failure, undefined);
        owner.spool.acknowledge(owner.recovered.map(({ id }) => id));
        deepEqual(
          (await left(directory, owner)).filter((value) => value !== 'c'),
          isDurable ? ['b', 'd'] : ['d'],
        );
      });
    }
  }

  it('works in memory when the directory is a file, and recovers when it is removed', async () => {
    const directory = await owners.folder();
    await writeFile(directory, '');
    const owner = owners.open(directory);
    equal((await owner.spool.append(['a'])).isDurable, false);
    equal(owner.spool.appendSync(['a']), false);
    deepEqual(owner.warnings, ['it is not a directory']);
    deepEqual(await owner.spool.readAll(), []);
    await rm(directory);
    await owner.pass(20_000);
    equal((await owner.spool.append(['a'])).isDurable, true);
  });

  it('refuses a directory that is a link or writable by all', async () => {
    const directory = await owners.folder();
    await mkdir(directory);
    await chmod(directory, 0o777);
    const owner = owners.open(directory);
    equal((await owner.spool.append(['a'])).isDurable, false);
    equal(owner.spool.closeSync(['a']), false);
    match(owner.warnings[0] ?? '', /everybody may write/);
    await chmod(directory, 0o700);
    const link = join(dirname(directory), 'link');
    await symlink(directory, link);
    const linked = owners.open(link);
    equal((await linked.spool.append(['a'])).isDurable, false);
    equal(linked.spool.appendSync(['a']), false);
    match(linked.warnings[0] ?? '', /symbolic link/);
    deepEqual(await filesIn(directory), []);
  });

  it('refuses the directory of another user', () => {
    const facts = { isDirectory: true, isFile: false, isLink: false, mode: 0o40700, owner: 1_000, size: 0 };
    equal(refusalOf(facts, 1_000), undefined);
    match(refusalOf(facts, 1_001) ?? '', /another user/);
    equal(refusalOf(facts, undefined), undefined);
    match(refusalOf({ ...facts, isDirectory: false }, undefined) ?? '', /not a directory/);
  });

  it('never follows a link, opens a pipe, or changes the files of others', async () => {
    const directory = await owners.folder();
    const first = owners.open(directory);
    await first.spool.append(['a']);
    await first.spool.close();
    const outside = join(dirname(directory), 'outside');
    await writeFile(outside, 'precious');
    for (const name of ['evil.link.spool', 'evil.link.memory', 'evil.beat'])
      await symlink(outside, join(directory, name));
    await mkdir(join(directory, 'evil.folder.spool'));
    await writeFile(join(directory, 'README.txt'), 'notes');
    await writeFile(join(directory, 'x.y.spool.bak'), 'notes');
    await writeFile(join(directory, 'zero.length.spool'), '');
    await writeFile(join(directory, 'zero.length.memory'), '');
    await writeFile(join(directory, 'garbage.bytes.spool'), Buffer.alloc(100_000, '\x1e{"a":'));
    await writeFile(join(directory, 'garbage.bytes.memory'), Buffer.alloc(100_000, '\x1e{"a":'));
    const second = owners.open(directory);
    await second.pass(30_000);
    deepEqual(values(second), ['a']);
    equal((await second.spool.append(['b'])).isDurable, true);
    equal(second.spool.stats().damaged, 1);
    equal(await readFile(outside, 'utf8'), 'precious');
    equal(await readFile(join(directory, 'README.txt'), 'utf8'), 'notes');
    ok((await filesIn(directory)).includes('x.y.spool.bak'));
    deepEqual(await second.spool.readAll(), []);
    deepEqual(second.warnings, []);
  });

  it('limits the size for all processes together', async () => {
    const directory = await owners.folder();
    const maxBytes = 16 * 1024 * 1024;
    const all = [owners.open(directory), owners.open(directory), owners.open(directory)];
    const batch = Array.from({ length: 20 }, () => 'x'.repeat(10_000));
    let refused = 0;
    for (let round = 0; refused < 6; round++) {
      const appended = await (all[round % 3] as Owner).spool.append(batch);
      if (!appended.isDurable) refused++;
    }
    const bytes = await bytesIn(directory);
    ok(bytes <= maxBytes && bytes > 0.9 * maxBytes, `${bytes} bytes`);
    equal(all[0]?.spool.appendSync(['x'.repeat(2_000_000)]), false);
    equal(all[0]?.spool.appendSync(['last words']), true);
  });
});
