import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpool } from '../../src/spool/spool.js';
import { type App, fault, type World } from '../support/faults.js';
import { recordsShown } from '../support/slack.js';
import { type BreakableFiles, breakable, bytesIn } from '../support/spool.js';

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
});
