import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fault, faultOf, type World } from '../support/faults.js';
import { recordsShown } from '../support/slack.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const JUMPS = [
  { name: 'a day ahead', millis: DAY },
  { name: 'a day back', millis: -DAY },
] as const;

/** Only the wall clock jumps, not the monotonic clock. */
describe('the clock of the machine', () => {
  const requestTimes = ({ inbox }: World): readonly number[] => {
    const all = inbox.requests().map(({ receivedAtMillis }) => receivedAtMillis);
    return all.map((millis) => millis - (all[0] ?? 0));
  };

  for (const { name, millis } of JUMPS) {
    fault(`jumps ${name} while Slack asks to wait: the wait does not change`, async (world) => {
      world.inbox.setFaults([{ kind: 'rate_limited', retryAfter: 60, times: 1 }]);
      const app = world.app();
      await app.emit('disk is full');
      await world.pass(10 * SECOND);
      world.clock.jump(millis);
      await app.emit('disk is full');
      await world.passUntil(() => app.slack.stats().delivered === 2, 2 * MINUTE);
      deepEqual(requestTimes(world), [0, 60 * SECOND]);
    });

    fault(
      `jumps ${name} while Slack is down: nothing stops, nothing expires, and no burst of requests follows`,
      async (world) => {
        world.inbox.setFaults([{ kind: 'status', status: 503 }]);
        const app = world.app({}, { overrides: { random: () => 1 } });
        await app.emit('disk is full');
        await world.pass(5 * MINUTE);
        const before = world.inbox.requests().length;
        world.clock.jump(millis);
        await app.emit('disk is full');
        await world.pass(5 * MINUTE);
        ok(world.inbox.requests().length - before <= 6, `${world.inbox.requests().length - before} requests`);
        deepEqual([app.slack.stats().pending, app.slack.stats().dropped], [2, {}]);
        world.inbox.clearFaults();
        await world.passUntil(() => app.slack.stats().delivered === 2, 61 * SECOND);
        equal(recordsShown(world.inbox), 2);
      },
    );

    fault(`jumps ${name} again and again under a live message: the message is updated as usual`, async (world) => {
      const jumping = async (isJumping: boolean): Promise<readonly number[]> => {
        const app = world.app();
        world.inbox.clear();
        for (let at = 0; at < 20; at++) {
          if (isJumping) world.clock.jump(at % 2 === 0 ? millis : -millis);
          await app.emit('disk is full');
          await world.pass(20 * SECOND);
        }
        await world.over(app.provider.shutdown());
        equal(app.slack.stats().delivered, 20);
        equal(recordsShown(world.inbox), 20);
        return requestTimes(world);
      };
      deepEqual(await jumping(true), await jumping(false));
    });

    fault(`jumps ${name} between two starts: the records of the spool are posted once`, async (world) => {
      const folder = await mkdtemp(join(tmpdir(), 'clock-'));
      world.later(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
      const spool = { directory: join(folder, 'spool') };
      world.inbox.setFaults([{ kind: 'status', status: 503 }]);
      const first = world.app({ spool });
      await first.emit('disk is full', 'disk is full');
      await world.over(first.provider.shutdown());
      deepEqual([first.slack.stats().pending, first.slack.stats().dropped], [2, {}]);
      world.clock.jump(millis - Math.sign(millis) * MINUTE);
      world.inbox.clear();
      world.inbox.clearFaults();
      const second = world.app({ spool });
      await world.passUntil(() => second.slack.stats().delivered === 2, MINUTE);
      equal(world.inbox.messages().length, 1);
      equal(world.inbox.requests().filter(({ method }) => method !== 'reactions.get').length, 1);
      await second.emit('search is down');
      await world.passUntil(() => second.slack.stats().delivered === 3, MINUTE);
      deepEqual(second.slack.stats().dropped, {});
    });
  }

  faultOf(
    'a webhook',
    'jumps more than a day ahead between two starts: records that are now too old count as expired',
    async (world) => {
      const folder = await mkdtemp(join(tmpdir(), 'clock-'));
      world.later(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
      const spool = { directory: join(folder, 'spool') };
      world.inbox.setFaults([{ kind: 'status', status: 503 }]);
      const first = world.app({ spool });
      await first.emit('disk is full');
      await world.over(first.provider.shutdown());
      world.clock.jump(DAY + MINUTE);
      world.inbox.clearFaults();
      const second = world.app({ spool });
      await second.emit('search is down');
      // The order of the two depends on the disk.
      const counted = (): boolean => second.slack.stats().dropped.expired !== undefined;
      await world.passUntil(() => second.slack.stats().delivered === 1 && counted(), MINUTE);
      deepEqual([second.slack.stats().pending, second.slack.stats().dropped], [0, { expired: 1 }]);
    },
  );
});
