import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type App, fault, type World } from '../support/faults.js';
import { recordsShown } from '../support/slack.js';
import { filesIn } from '../support/spool.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const BODIES = ['search is down', 'search is down', 'the disk is full', 'payment failed'];

/** What somebody does to the folder while records wait in it. */
const EVENTS: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  'the folder is removed': (directory) => rm(directory, { recursive: true }),
  'the folder is moved': (directory) => rename(directory, `${directory}-moved`),
  async 'the folder is replaced by an empty one'(directory) {
    await rename(directory, `${directory}-moved`);
    await mkdir(directory, { mode: 0o700 });
  },
  async 'all files are removed'(directory) {
    for (const name of await filesIn(directory)) await rm(join(directory, name));
  },
  async 'a segment is removed'(directory) {
    const [name = ''] = await filesIn(directory, '.spool');
    await rm(join(directory, name));
  },
  'the parent folder is removed': (directory) => rm(dirname(directory), { recursive: true }),
};

/** The same, such that nothing can be saved any more. */
const FATAL_EVENTS: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  async 'the folder is replaced by a file'(directory) {
    await rm(directory, { recursive: true });
    await writeFile(directory, 'something else');
  },
  async 'the folder is replaced by a link to another one'(directory) {
    await rm(directory, { recursive: true });
    await symlink(tmpdir(), directory);
  },
};

describe('the folder of the spool', () => {
  /** Starts an app with records that wait in the spool, because Slack is down. */
  async function waiting(world: World): Promise<{ readonly app: App; readonly directory: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'folder-'));
    world.later(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const directory = join(folder, 'shop', 'spool');
    world.inbox.setFaults([{ kind: 'status', status: 503 }]);
    const app = world.app({ spool: { directory } });
    await app.emit(...BODIES);
    await world.pass(SECOND);
    equal((await filesIn(directory, '.spool')).length, 1);
    return { app, directory };
  }

  for (const [event, happen] of Object.entries(EVENTS)) {
    fault(`A8: ${event} just before the shutdown: all records arrive with the next start`, async (world) => {
      const { app, directory } = await waiting(world);
      await happen(directory);
      await world.over(app.provider.shutdown());
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [BODIES.length, {}]);
      match(world.said.warnings.join('\n'), /4 records not delivered before shutdown, saved in the spool/);
      world.inbox.clearFaults();
      const next = world.app({ spool: { directory } });
      await world.passUntil(() => next.slack.stats().delivered === BODIES.length, MINUTE);
      equal(recordsShown(world.inbox), BODIES.length);
    });

    fault(
      `A8: ${event} while the app runs: the records are saved again without a further one, and arrive once`,
      async (world) => {
        const { app, directory } = await waiting(world);
        await happen(directory);
        await world.pass(10 * SECOND);
        equal((await filesIn(directory, '.spool')).length > 0, true);
        world.inbox.clearFaults();
        await world.passUntil(() => app.slack.stats().delivered === BODIES.length, 2 * MINUTE);
        equal(recordsShown(world.inbox), BODIES.length);
        await world.over(app.provider.shutdown());
        deepEqual(await filesIn(directory, '.spool'), []);
      },
    );
  }

  for (const [event, happen] of Object.entries(FATAL_EVENTS)) {
    fault(`A8: ${event}: the records are counted as dropped at the shutdown, with a warning`, async (world) => {
      const { app, directory } = await waiting(world);
      await happen(directory);
      await world.over(app.provider.shutdown());
      deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [0, { shutdown: BODIES.length }]);
      match(world.said.warnings.join('\n'), /0 records not delivered .*; 4 records could not be saved and are dropped/);
    });

    fault(`A8: ${event}: the records arrive when Slack is back`, async (world) => {
      const { app, directory } = await waiting(world);
      await happen(directory);
      await world.pass(10 * SECOND);
      world.inbox.clearFaults();
      await world.passUntil(() => app.slack.stats().delivered === BODIES.length, 2 * MINUTE);
      equal(recordsShown(world.inbox), BODIES.length);
    });
  }
});
