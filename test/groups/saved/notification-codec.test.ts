import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { POLICY } from '../../../src/groups/lifecycle.js';
import { createOutbox } from '../../../src/groups/outbox.js';
import { atOf, readSaid, type Said, saidOf } from '../../../src/groups/saved/notification-codec.js';
import { readRecord } from '../../../src/record/read-record.js';
import { manualClock } from '../../support/clock.js';
import { groupOf, HOUR, MINUTE, messageOf, planOf, rowFor, saidGroup } from '../../support/groups.js';
import { record } from '../../support/records.js';
import { REDACTOR } from '../../support/redactor.js';

const NOW = { wallMillis: 1_000_000, atMillis: 5_000 };
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function remembered(changes: Partial<Said> = {}, agoMillis = MINUTE, wallMillis = 0): Said {
  const millis = wallMillis - agoMillis;
  return {
    id: 'before',
    place: 'C1',
    messageId: 'before',
    ref: { channel: 'C1', ts: '1.1' },
    count: 40,
    base: 0,
    sayings: 1,
    firstSeenMillis: millis,
    lastSeenMillis: millis,
    firstSaidMillis: millis,
    lastSaidMillis: millis,
    mentionedMillis: millis,
    silencedUntilMillis: undefined,
    isClosed: false,
    ...changes,
  };
}

describe('what an earlier process said', () => {
  it('is read as it was written', () => {
    const group = saidGroup({ count: 3, mentionedAtMillis: 2_000 });
    const said = saidOf(group, NOW);
    ok(said);
    deepEqual([said.id, said.count, said.ref, said.mentionedMillis], [group.id, 3, group.message?.ref, 997_000]);
    deepEqual(readSaid(throughJson(said)), said);
  });

  it('is only what has a message of its own', () => {
    const digest = saidGroup();
    equal(saidOf({ ...digest, message: messageOf([rowFor(digest)], { kind: 'digest' }) }, NOW), undefined);
    equal(saidOf(groupOf(), NOW), undefined);
    equal(saidOf({ ...digest, kind: 'rest' }, NOW), undefined);
  });

  it('is nothing when it is not what it should be, and never an exception', () => {
    equal(readSaid({ ...remembered(), count: 'many' }), undefined);
    equal(readSaid({ ...remembered(), firstSeenMillis: 1e300 }), undefined, 'no date says that');
    equal(readSaid(null), undefined);
    const broken = fc
      .tuple(fc.constantFrom(...Object.keys(remembered())), fc.jsonValue())
      .map(([key, value]) => ({ ...remembered(), [key]: value }));
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), broken), (value) => void readSaid(value)));
  });

  it('was not said in the future, whatever the wall clock did', () => {
    equal(atOf(2_000_000, NOW), 5_000);
    equal(atOf(999_000, NOW), 4_000);
  });

  /** An outbox that hears of it before or after the first record came. */
  function outbox(said: Said, isLate: boolean) {
    const clock = manualClock();
    const newId = () => 'new';
    const box = createOutbox({ clock, policy: POLICY, maxGroups: 10, hasThreads: true, newId, redactor: REDACTOR });
    const fold = (): number => {
      const hrTime: [number, number] = [Math.floor(clock.now() / 1_000), 0];
      return box.fold(readRecord(record({ body: 'a', hrTime })), 'a', 2);
    };
    const recall = (): number => box.recall(new Map([['a', said]]));
    const silenced = isLate ? fold() + recall() : recall() + fold();
    const [group] = box.groups();
    ok(group);
    return { box, clock, group, silenced };
  }

  for (const isLate of [false, true]) {
    describe(isLate ? 'and is heard of after the first record' : 'and is heard of first', () => {
      const wallMillis = manualClock().now();

      it('goes on: the same id, the count on top, the message changed in place', () => {
        const { box, clock, group } = outbox(remembered({}, MINUTE, wallMillis), isLate);
        deepEqual([group.id, group.count, group.shown, box.pending()], ['before', 42, 40, 2]);
        const { selection } = planOf(box.groups(), clock.monotonic());
        equal(selection?.act, 'update');
        deepEqual([selection?.rows[0]?.count, selection?.rows[0]?.base, selection?.id], [42, 0, 'before']);
        equal(box.sent(selection as never, 'C1', undefined), 2);
        equal(box.pending(), 0);
      });

      it('has come back when it was quiet for long', () => {
        const { box, clock, group } = outbox(remembered({}, HOUR, wallMillis), isLate);
        deepEqual([group.id, group.count, group.before?.count, group.before?.ended], ['new', 2, 40, 'quiet']);
        const { selection } = planOf(box.groups(), clock.monotonic());
        deepEqual([selection?.act, selection?.whys.get('a')], ['post', 'regressed']);
      });

      it('has come back when somebody had closed it', () => {
        const { group } = outbox(remembered({ isClosed: true }, MINUTE, wallMillis), isLate);
        deepEqual([group.count, group.before?.ended], [2, 'closed']);
      });

      it('is silent as long as somebody wanted it', () => {
        const silencedUntilMillis = wallMillis + HOUR;
        const { box, group, silenced } = outbox(remembered({ silencedUntilMillis }, MINUTE, wallMillis), isLate);
        deepEqual([silenced, box.pending(), group.before], [2, 0, undefined]);
      });
    });
  }
});
