import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { once } from 'node:events';
import type { Inbox } from '../../packages/slack-inbox/src/index.js';
import type { Command } from '../children/commanded.js';
import { type CommandedApp, CommandedApps } from '../support/commanded.js';
import { type FreezingDisk, frozenDisk, hangingDisk } from '../support/frozen-disk.js';
import { eachTest, recordsShown } from '../support/slack.js';
import { until } from '../support/until.js';

describe('an app whose spool is on a disk that hangs', function () {
  this.timeout(120_000);
  const { open } = eachTest();
  const apps = new CommandedApps();
  let disk: FreezingDisk | undefined;
  afterEach(async () => {
    // Before the kill, because a process does not end while the kernel holds one of its threads.
    await disk?.thaw();
    await apps.killAll();
    await disk?.remove();
    disk = undefined;
  });

  function start(inbox: Inbox): Promise<CommandedApp> {
    const { directory = '', environment = {} } = disk ?? {};
    return apps.start({ webhookUrl: inbox.webhookUrl, spool: { directory } }, { environment });
  }

  for (const { name, create } of [
    { name: 'frozen by the kernel', create: frozenDisk },
    { name: 'with hanging calls', create: hangingDisk },
  ]) {
    it(`A2: ${name}: all problems of twenty seconds arrive, with one warning, and the app's own lookups are quick`, async function () {
      disk = await create();
      if (disk === undefined) return this.skip();
      const inbox = await open.inbox({ rateLimit: false });
      const app = await start(inbox);
      await app.tell({ log: ['before the freeze'] });
      await until(() => recordsShown(inbox) === 1);
      await disk.freeze();
      for (let second = 0; second < 20; second++) {
        await app.tell({ log: [`problem of second ${'abcdefghijklmnopqrstuvwxyz'[second]}`] });
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
      await until(() => recordsShown(inbox) === 21);
      const frozen = await app.tell({ shutdown: true });
      ok(frozen.tookMillis < 5_500, `shutdown took ${frozen.tookMillis} ms`);
      ok(frozen.slowestMillis < 1_000, `a lookup or a read of the app took ${frozen.slowestMillis} ms`);
      deepEqual([frozen.stats.delivered, frozen.stats.pending, frozen.stats.dropped], [21, 0, {}]);
      const warnings = frozen.warnings.filter((line) => line.includes('spool'));
      equal(warnings.length, 1, warnings.join('\n'));
      match(warnings[0] ?? '', /the disk does not answer; check the file system .* in memory only/);
    });
  }

  /** Waits until the disk is known to hang. */
  async function known(app: CommandedApp): Promise<void> {
    while (!(await app.tell({ stats: true })).warnings.join().includes('does not answer'))
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Lets the app exit. Returns how long that takes. */
  async function exit(app: CommandedApp): Promise<{ readonly tookMillis: number; readonly ends: readonly unknown[] }> {
    const from = performance.now();
    const exited = once(app.process, 'exit');
    app.process.send({ exit: 3 } satisfies Command);
    return { ends: await exited, tookMillis: performance.now() - from };
  }

  for (const operation of ['open', 'write', 'fsync', 'all']) {
    it(`A2: process.exit() is held for at most two seconds when ${operation} hangs`, async function () {
      disk = await hangingDisk();
      if (disk === undefined) return this.skip();
      const inbox = await open.inbox({ rateLimit: false, faults: [{ kind: 'status', status: 503 }] });
      const app = await start(inbox);
      await app.tell({ log: ['before the freeze'] });
      await disk.freeze(operation);
      await app.tell({ log: ['after the freeze'] });
      await known(app);
      const { tookMillis } = await exit(app);
      ok(tookMillis < 4_000, `exit took ${tookMillis} ms`);
    });
  }

  for (const operation of ['open', 'write', 'fsync', 'unlink', 'all']) {
    it(`A2: process.exit() is held for at most two seconds when ${operation} has begun to hang just before`, async function () {
      disk = await hangingDisk();
      if (disk === undefined) return this.skip();
      const inbox = await open.inbox({ rateLimit: false, faults: [{ kind: 'status', status: 503 }] });
      const app = await start(inbox);
      await app.tell({ log: ['before the freeze'] });
      await disk.freeze(operation);
      const { tookMillis } = await exit(app);
      ok(tookMillis < 5_000, `exit took ${tookMillis} ms`);
    });
  }
});
