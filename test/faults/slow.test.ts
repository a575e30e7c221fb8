import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { fault, idsIn, type World } from '../support/faults.js';
import { recordsShown } from '../support/slack.js';

const SECOND = 1_000;
const TIMEOUT = 10 * SECOND;

const SLOW = [
  { name: 'a hang before the headers', kind: 'hang_before_headers', accept: true },
  { name: 'a hang in the body', kind: 'hang_in_body', accept: true },
  { name: 'one byte a second', kind: 'drip', accept: true, intervalMillis: 1_000 },
] as const;

describe('a Slack that is slow', () => {
  const askedAt = ({ inbox }: World): readonly number[] => {
    const [first] = inbox.requests();
    return inbox.requests().map(({ receivedAtMillis }) => receivedAtMillis - (first?.receivedAtMillis ?? 0));
  };

  for (const { name, ...how } of SLOW) {
    fault(`${name}: times out after 10 s in total, and is sent once more with the same id`, async (world) => {
      const { inbox } = world;
      inbox.setFaults([{ ...how, times: 1 }]);
      const app = world.app();
      await app.emit('disk is full');
      await world.pass(TIMEOUT - 1);
      deepEqual([inbox.requests().length, app.slack.stats().pending], [1, 1]);
      await app.emit('disk is full');
      await world.passUntil(() => app.slack.stats().delivered === 2, 5 * SECOND);
      deepEqual(askedAt(world), [0, TIMEOUT + SECOND]);
      const ids = idsIn(inbox);
      deepEqual([ids.length, new Set(ids).size], [2, 1], 'it stood there, and nobody could know');
      equal(recordsShown(inbox), 2, 'the second one speaks of all');
      equal(world.said.warnings.length, 1);
      match(world.said.warnings[0] ?? '', /no good answer from Slack \(TIMEOUT\)/);
    });

    fault(`${name}, three times in a row: at most one more copy for each, all with one id`, async (world) => {
      const { inbox } = world;
      inbox.setFaults([{ ...how, times: 3 }]);
      const app = world.app();
      await app.emit('disk is full');
      await world.passUntil(() => app.slack.stats().delivered === 1, 60 * SECOND);
      const ids = idsIn(inbox);
      deepEqual([ids.length, new Set(ids).size], [4, 1]);
      ok(
        askedAt(world).every((millis, at, all) => at === 0 || millis - (all[at - 1] as number) >= TIMEOUT + SECOND),
        'no two requests at a time',
      );
    });
  }

  fault(
    'a permanent hang: unconfirmed records count as unconfirmed when the app ends, within the deadline',
    async (world) => {
      world.inbox.setFaults([{ kind: 'hang_before_headers' }]);
      const app = world.app();
      await app.emit('disk is full', 'disk is full');
      await world.pass(TIMEOUT + SECOND / 2);
      const from = world.clock.monotonic();
      await world.over(app.provider.shutdown());
      ok(world.clock.monotonic() - from <= TIMEOUT + SECOND);
      deepEqual(app.slack.stats().dropped, { unconfirmed: 2 });
      match(world.said.warnings.join('\n'), /2 records not delivered before shutdown \(2 records may have arrived\)/);
    },
  );
});
