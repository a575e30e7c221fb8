import { equal, notEqual, ok, throws } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk, type Disk } from '../../chaos/disk.js';

describe('the disk of npm run chaos', () => {
  let disk: Disk;
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chaos-disk-'));
    disk = createDisk(folder);
    mkdirSync(disk.directory);
  });
  afterEach(() => {
    disk.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (): void => writeFileSync(join(disk.directory, 'new.spool'), Buffer.alloc(10_000, '"records":7,'));

  it('takes nothing while it is full', function () {
    if (disk.impossible.includes('the disk is full')) this.skip();
    disk.fill();
    throws(write, /ENOSPC/);
    disk.makeRoom();
    rmSync(join(disk.directory, 'new.spool'));
    write();
  });

  it('takes nothing while it is read-only', function () {
    if (disk.impossible.includes('the disk is read-only')) this.skip();
    disk.allowWrites(false);
    throws(write, /EROFS|EACCES/);
    disk.allowWrites(true);
    write();
  });

  it('can lose the folder of the spool', () => {
    write();
    disk.removeFolder();
    throws(write, /ENOENT/);
    equal(disk.records(), 0);
  });

  it('damages the largest segment by a cut or a flipped bit, and counts the records in it', () => {
    for (const variant of [500, 501]) {
      write();
      const before = readFileSync(join(disk.directory, 'new.spool'));
      equal(disk.damage(variant), 7 * Math.floor(10_000 / 12));
      notEqual(readFileSync(join(disk.directory, 'new.spool')).compare(before), 0);
    }
    ok(disk.contents().length > 0);
  });
});
