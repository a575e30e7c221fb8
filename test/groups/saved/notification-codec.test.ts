import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { Outbox } from '../../../src/groups/outbox.js';
import { POLICY } from '../../../src/groups/policy.js';
import {
  decodeNotification,
  encodeNotification,
  type SavedNotification,
  toMonotonicMillis,
} from '../../../src/groups/saved/notification-codec.js';
import { readRecord } from '../../../src/record/read-record.js';
import { manualClock } from '../../support/clock.js';
import { groupOf, HOUR, MINUTE, messageOf, planOf, rowFor, saidGroup } from '../../support/groups.js';
import { record } from '../../support/records.js';
import { REDACTOR } from '../../support/redactor.js';

const NOW = { wallMillis: 1_000_000, atMillis: 5_000 };
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function remembered(changes: Partial<SavedNotification> = {}, agoMillis = MINUTE, wallMillis = 0): SavedNotification {
  const millis = wallMillis - agoMillis;
  return {
    id: 'before',
    endpoint: 'C1',
    messageId: 'before',
    ref: { channel: 'C1', ts: '1.1' },
    count: 40,
    alreadyReported: 0,
    postCount: 1,
    firstSeenMillis: millis,
    lastSeenMillis: millis,
    firstPostedMillis: millis,
    lastPostedMillis: millis,
    mentionedMillis: millis,
    silencedUntilMillis: undefined,
    isClosed: false,
    ...changes,
  };
}

describe('a saved notification', () => {
  it('is read as it was written', () => {
    const group = saidGroup({ count: 3, mentionedAtMillis: 2_000 });
    const said = encodeNotification(group, NOW);
    ok(said);
    deepEqual([said.id, said.count, said.ref, said.mentionedMillis], [group.id, 3, group.message?.ref, 997_000]);
    deepEqual(decodeNotification(throughJson(said)), said);
  });

  it('exists only for a group with its own message', () => {
    const digest = saidGroup();
    equal(encodeNotification({ ...digest, message: messageOf([rowFor(digest)], { kind: 'digest' }) }, NOW), undefined);
    equal(encodeNotification(groupOf(), NOW), undefined);
    equal(encodeNotification({ ...digest, kind: 'rest' }, NOW), undefined);
  });

  it('is ignored when it is invalid, without an exception', () => {
    equal(decodeNotification({ ...remembered(), count: 'many' }), undefined);
    equal(decodeNotification({ ...remembered(), firstSeenMillis: 1e300 }), undefined, 'no date says that');
    equal(decodeNotification(null), undefined);
    const broken = fc
      .tuple(fc.constantFrom(...Object.keys(remembered())), fc.jsonValue())
      .map(([key, value]) => ({ ...remembered(), [key]: value }));
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), broken), (value) => void decodeNotification(value)));
  });

  it('is never in the future, whatever the wall clock did', () => {
    equal(toMonotonicMillis(2_000_000, NOW), 5_000);
    equal(toMonotonicMillis(999_000, NOW), 4_000);
  });

  /** An outbox that restores the notification before or after the first record. */
  function outbox(said: SavedNotification, isLate: boolean) {
    const clock = manualClock();
    const newId = () => 'new';
    const box = new Outbox({ clock, policy: POLICY, maxGroups: 10, hasThreads: true, newId, redactor: REDACTOR });
    const fold = (): number => {
      const hrTime: [number, number] = [Math.floor(clock.now() / 1_000), 0];
      return box.fold(readRecord(record({ body: 'a', hrTime })), 'a', 2);
    };
    const recall = (): number => box.persistence.continueNotifications(new Map([['a', said]]));
    const silenced = isLate ? fold() + recall() : recall() + fold();
    const [group] = box.groups.all();
    ok(group);
    return { box, clock, group, silenced };
  }

  for (const isLate of [false, true]) {
    describe(isLate ? 'restored after the first record' : 'restored before the first record', () => {
      const wallMillis = manualClock().now();

      it('continues the message: the same id, the counts added, an update in place', () => {
        const { box, clock, group } = outbox(remembered({}, MINUTE, wallMillis), isLate);
        deepEqual([group.id, group.count, group.shown, box.groups.pending], ['before', 42, 40, 2]);
        const { notification } = planOf(box.groups.all(), clock.monotonic());
        equal(notification?.act, 'update');
        deepEqual(
          [notification?.rows[0]?.count, notification?.rows[0]?.alreadyReported, notification?.id],
          [42, 0, 'before'],
        );
        equal(box.sent(notification as never, 'C1', undefined), 2);
        equal(box.groups.pending, 0);
      });

      it('begins a new episode when the problem was quiet', () => {
        const { box, clock, group } = outbox(remembered({}, HOUR, wallMillis), isLate);
        deepEqual(
          [group.id, group.count, group.previousEpisode?.count, group.previousEpisode?.ended],
          ['new', 2, 40, 'quiet'],
        );
        const { notification } = planOf(box.groups.all(), clock.monotonic());
        deepEqual([notification?.act, notification?.reasons.get('a')], ['post', 'regressed']);
      });

      it('begins a new episode when somebody had closed the problem', () => {
        const { group } = outbox(remembered({ isClosed: true }, MINUTE, wallMillis), isLate);
        deepEqual([group.count, group.previousEpisode?.ended], [2, 'closed']);
      });

      it('stays silenced for the rest of the time', () => {
        const silencedUntilMillis = wallMillis + HOUR;
        const { box, group, silenced } = outbox(remembered({ silencedUntilMillis }, MINUTE, wallMillis), isLate);
        deepEqual([silenced, box.groups.pending, group.previousEpisode], [2, 0, undefined]);
      });
    });
  }
});
