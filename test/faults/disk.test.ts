import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpool } from '../../src/spool/spool.js';
import { type App, fault, type World } from '../support/faults.js';
import { recordsShown } from '../support/slack.js';
import { type BreakableFiles, breakable, bytesIn, filesIn } from '../support/spool.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const DISK_FAULTS = [
  {
    name: 'a full disk',
    begin: (files: BreakableFiles): void => {
      files.room = 0;
    },
    warning: /spool: the disk is full \(ENOSPC\); until it is mended, records are in memory only/,
  },
  {
    name: 'a disk that becomes full within a record',
    begin: (files: BreakableFiles): void => {
      files.room = 40;
    },
    warning: /spool: the disk is full \(ENOSPC\); until it is mended, records are in memory only/,
  },
  {
    name: 'a read-only disk',
    begin: (files: BreakableFiles): void => {
      files.fault = (call) => (/^(create|makeDirectory|write|datasync|rename|remove)/.test(call) ? 'EROFS' : undefined);
    },
    warning: /spool: .*EROFS.*; until it is mended, records are in memory only/,
  },
  {
    name: 'a disk that fails',
    begin: (files: BreakableFiles): void => {
      files.fault = () => 'EIO';
    },
    warning: /spool: .*EIO.*; until it is mended, records are in memory only/,
  },
] as const;

describe('the disk of the spool', () => {
  interface Spooling {
    readonly app: App;
    readonly files: BreakableFiles;
    readonly directory: string;
  }

  async function spooling(world: World, begin: (files: BreakableFiles) => void): Promise<Spooling> {
    const folder = await mkdtemp(join(tmpdir(), 'disk-'));
    const directory = join(folder, 'spool');
    const files = breakable();
    world.later(async () => {
      await files.breakAll();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    begin(files);
    const overrides = { openSpool: (options: Parameters<typeof openSpool>[0]) => openSpool({ ...options, files }) };
    return { app: world.app({ spool: { directory } }, { overrides }), files, directory };
  }

  const warningsOf = (world: World): readonly string[] =>
    world.said.warnings.filter((line) => line.includes('spool: '));

  for (const { name, begin, warning } of DISK_FAULTS) {
    fault(`${name}: records stay in memory, with one warning, and arrive`, async (world) => {
      const { app } = await spooling(world, begin);
      for (let at = 0; at < 5; at++) {
        await app.emit('disk is full');
        await world.pass(MINUTE);
      }
      await world.over(app.provider.shutdown());
      deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [5, {}]);
      equal(recordsShown(world.inbox), 5);
      equal(warningsOf(world).length, 1, warningsOf(world).join('\n'));
      match(warningsOf(world)[0] ?? '', warning);
    });

    fault(`${name}: after a repair, pending records are saved again, and arrive with the next start`, async (world) => {
      world.inbox.setFaults([{ kind: 'status', status: 503 }]);
      const { app, files, directory } = await spooling(world, begin);
      await app.emit('disk is full');
      await world.pass(MINUTE);
      files.room = undefined;
      files.fault = undefined;
      await world.pass(MINUTE);
      await app.emit('search is down');
      await world.pass(SECOND);
      await world.over(app.provider.shutdown());
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [2, {}]);
      equal((await bytesIn(directory)) > 0, true);
      world.inbox.clearFaults();
      const next = world.app({ spool: { directory } });
      await world.passUntil(() => next.slack.stats().delivered === 2, MINUTE);
      equal(recordsShown(world.inbox), 2);
    });
  }

  fault(
    'a disk that stays full while Slack is down: at the end, unsaved records are dropped and counted, with a warning',
    async (world) => {
      world.inbox.setFaults([{ kind: 'status', status: 503 }]);
      const { app } = await spooling(world, (files) => {
        files.room = 0;
      });
      await app.emit('disk is full', 'disk is full');
      await world.over(app.provider.shutdown());
      const { pending, dropped } = app.slack.stats();
      deepEqual([pending, Object.values(dropped)], [0, [2]]);
      match(world.said.warnings.join('\n'), /2 records could not be saved and are dropped/);
    },
  );

  /** Lets every operation on the disk hang from now on. Returns a function that lets all answer. */
  function freeze(files: BreakableFiles): () => void {
    const answers: (() => void)[] = [];
    files.fault = () => new Promise((resolve) => void answers.push(() => resolve(undefined)));
    return () => {
      files.fault = undefined;
      for (const answer of answers.splice(0)) answer();
    };
  }

  /** Passes time until the exporter has noticed that the disk hangs. */
  async function noticed(world: World): Promise<void> {
    for (let second = 0; second < 60 && warningsOf(world).length === 0; second++) {
      await world.pass(SECOND);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  fault('A2: a disk that hangs: records arrive as quickly as without a spool, with one warning', async (world) => {
    const { app, files } = await spooling(world, () => {});
    await app.emit('before');
    await world.passUntil(() => recordsShown(world.inbox) === 1, MINUTE);
    const thaw = freeze(files);
    world.later(thaw);
    // More than the fifteen seconds after which other processes may adopt the entries of this one.
    for (let at = 0; at < 8; at++) {
      app.logger.emit({ severityNumber: 17, body: `problem ${'abcdefgh'[at]}` });
      await noticed(world);
      await app.handedOver();
      await world.passUntil(() => recordsShown(world.inbox) === at + 2, 5 * SECOND);
      await world.pass(5 * SECOND);
    }
    const from = world.clock.monotonic();
    await world.over(app.provider.shutdown());
    equal(world.clock.monotonic() - from <= 5 * SECOND, true);
    deepEqual([app.slack.stats().delivered, app.slack.stats().dropped], [9, {}]);
    equal(warningsOf(world).length, 1);
    match(warningsOf(world)[0] ?? '', /the disk does not answer; check .* records are in memory only/);
    thaw();
    await world.pass(SECOND);
  });

  fault(
    'A2: a disk that hangs while Slack is down: the shutdown ends in time and counts what is lost',
    async (world) => {
      world.inbox.setFaults([{ kind: 'hang_before_headers' }]);
      const { app, files } = await spooling(world, () => {});
      await app.emit('saved');
      await world.pass(SECOND);
      world.later(freeze(files));
      app.logger.emit({ severityNumber: 17, body: 'not saved' });
      const from = world.clock.monotonic();
      await world.over(app.provider.shutdown());
      // Time passes in steps, so the end may be noticed a little later.
      equal(world.clock.monotonic() - from <= 10.5 * SECOND, true, `${world.clock.monotonic() - from} ms`);
      const { pending, dropped } = app.slack.stats();
      deepEqual([pending, Object.values(dropped)], [1, [1]]);
      match(world.said.warnings.join('\n'), /1 record could not be saved and are dropped/);
    },
  );

  fault('A2: a disk that answers again: all that waits is saved without a further record', async (world) => {
    world.inbox.setFaults([{ kind: 'status', status: 503 }]);
    const { app, files, directory } = await spooling(world, () => {});
    await app.emit('saved');
    await world.pass(SECOND);
    const thaw = freeze(files);
    world.later(thaw);
    app.logger.emit({ severityNumber: 17, body: 'in memory' });
    await noticed(world);
    await app.handedOver();
    thaw();
    await world.pass(MINUTE);
    const names = await filesIn(directory, '.spool');
    const contents = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    match(contents.join(), /in memory/);
  });
});
