import { deepEqual, equal, match } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlackLogRecordExporter } from '../../src/exporter.js';
import { fastClock } from '../support/clock.js';
import { record } from '../support/records.js';
import { eachTest, isolated, recordsShown } from '../support/slack.js';
import { filesIn, patientSpool } from '../support/spool.js';

const BYTES = 256 * 1024;

/** Mounts a file system, which needs root. test/spool/disk/health.test.ts tests the same with simulated failures. */
describe('a spool on a real disk', function () {
  this.timeout(60_000);
  const { open, said } = eachTest();
  let disk = '';
  let isMounted = false;

  beforeEach(async function () {
    disk = await mkdtemp(join(tmpdir(), 'disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', disk], { stdio: 'ignore' });
      isMounted = true;
    } catch {
      this.skip();
    }
  });
  afterEach(async () => {
    await open.closeAll();
    if (isMounted) execFileSync('umount', ['--lazy', disk]);
    isMounted = false;
    await rm(disk, { recursive: true, force: true });
  });

  const directory = (): string => join(disk, 'spool');
  const warnings = (): readonly string[] => said.warnings.filter((text) => text.includes('spool:'));
  const remount = (how: 'ro' | 'rw'): Buffer => execFileSync('mount', ['-o', `remount,${how}`, disk]);

  /** Starts an exporter with a fast clock, because a failed disk is tried again only after fifteen seconds. */
  async function start() {
    const inbox = await open.inbox({ rateLimit: false, faults: [{ kind: 'status', status: 503 }] });
    const options = { webhookUrl: inbox.webhookUrl, spool: { directory: directory() }, flushTimeoutMillis: 2_000 };
    const exporter = open.ending(
      new SlackLogRecordExporter(options, isolated({ clock: fastClock(20), openSpool: patientSpool(20) })),
    );
    const log = (body: string): Promise<{ code: number }> =>
      new Promise((done) => exporter.export([record({ body })], done));
    return { inbox, exporter, log };
  }

  async function isOnDisk(text: string): Promise<boolean> {
    const names = await filesIn(directory(), '.spool');
    const contents = await Promise.all(names.map((name) => readFile(join(directory(), name), 'utf8').catch(() => '')));
    return contents.some((content) => content.includes(text));
  }

  /** Logs a text again and again until it is on the disk. Returns how often. */
  async function logUntilOnDisk(log: (body: string) => Promise<unknown>, body: string): Promise<number> {
    for (let times = 1; ; times++) {
      await log(body);
      if (await isOnDisk(body)) return times;
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  it('that is full: records stay in memory, with one warning, and are saved when there is room again', async () => {
    await writeFile(join(disk, 'ballast'), Buffer.alloc(BYTES)).catch(() => {});
    const { inbox, exporter, log } = await start();
    for (let at = 0; at < 3; at++) equal((await log('while it was full')).code, 0);
    equal(await isOnDisk('while it was full'), false);
    match(warnings()[0] ?? '', /spool: the disk is full \(ENOSPC\); until it is mended, records are in memory only/);
    await rm(join(disk, 'ballast'));
    const times = await logUntilOnDisk(log, 'when there was room');
    equal(await isOnDisk('while it was full'), true);
    equal(warnings().length, 1);
    inbox.clearFaults();
    await exporter.forceFlush();
    const until = Date.now() + 10_000;
    while (exporter.stats().pending > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 20));
    deepEqual([exporter.stats().delivered, recordsShown(inbox)], [3 + times, 3 + times]);
  });

  it('that is read-only: records stay in memory, with one warning, and are saved when it is writable again', async () => {
    remount('ro');
    const { exporter, log } = await start();
    for (let at = 0; at < 3; at++) equal((await log('while nobody could write')).code, 0);
    match(warnings()[0] ?? '', /spool: the file system is read-only \(EROFS\)/);
    remount('rw');
    const times = await logUntilOnDisk(log, 'when it was mended');
    equal(await isOnDisk('while nobody could write'), true);
    equal(warnings().length, 1);
    await exporter.shutdown();
    deepEqual([exporter.stats().pending, exporter.stats().dropped], [3 + times, {}]);
  });

  it('creates files that only their owner can read', async () => {
    const { log } = await start();
    await log('for nobody else');
    const modes = await Promise.all(
      (await filesIn(directory())).map(async (name) => (await stat(join(directory(), name))).mode & 0o777),
    );
    deepEqual(new Set(modes), new Set([0o600]));
    equal((await stat(directory())).mode & 0o777, 0o700);
  });
});
