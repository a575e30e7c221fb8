import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Group, PostedMessage } from '../../src/groups/group.js';
import { MAX_DIGEST_ROWS, type Notification } from '../../src/groups/notification.js';
import { GOOD_STANDING } from '../../src/groups/standing/standing.js';
import { MAX_SINGLE_MESSAGES } from '../../src/plan/choose.js';
import type { PlanInput } from '../../src/plan/plan-input.js';
import {
  desk,
  groupOf,
  HOUR,
  MINUTE,
  messageOf,
  PLACE,
  type PlanForTest,
  planOf,
  rateOf,
  rowFor,
  SECOND,
  saidGroup,
  sampleOf,
  selectionOf,
} from '../support/groups.js';
import { ERROR, FATAL, INFO, WARN } from '../support/records.js';

const NEVER = Number.POSITIVE_INFINITY;

const waiting = (fingerprint: string, severityNumber = ERROR, sinceMillis = 0): Group =>
  groupOf({ severityNumber }, { fingerprint, id: fingerprint, waitingSinceAtMillis: sinceMillis });
const many = (count: number): Group[] => Array.from({ length: count }, (_, n) => waiting(`g${n}`, ERROR, n));
const names = (notification: Notification | undefined) => notification?.rows.map(({ fingerprint }) => fingerprint);
const gist = ({ notification }: PlanForTest) =>
  notification && [notification.act, notification.kind, names(notification)?.join()];

/** A group with its own updatable message, and a number of new records. */
function changed(fingerprint: string, changes: Partial<Group> & { readonly changedAtMillis?: number } = {}): Group {
  const { changedAtMillis = 0, ...others } = changes;
  const group = saidGroup({ fingerprint, id: fingerprint, count: 2, shown: 1, ...others });
  const message = messageOf([rowFor(group, { fingerprint, count: group.shown })], { id: fingerprint, changedAtMillis });
  return { ...group, message };
}
const readyAt =
  (times: {
    readonly post?: number;
    readonly update?: number;
    readonly reactions?: number;
  }): PlanInput['readyAtMillis'] =>
  (act) =>
    times[act] ?? (act === 'reactions' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);

describe('choose', () => {
  describe('the reactions to read', () => {
    const lookable = { readyAtMillis: () => 0 };

    it('are those of a message whose group has new records, once, before the records are reported', () => {
      const waiting = changed('a', { count: 2, shown: 1, waitingSinceAtMillis: 5 });
      const plan = planOf([waiting], 6, lookable);
      assert.deepEqual([plan.reactionsOf, plan.notification], [waiting.message, undefined]);
      const read = { ...waiting, message: { ...(waiting.message as PostedMessage), reactionsReadAtMillis: 5 } };
      assert.equal(planOf([read], MINUTE, lookable).notification?.act, 'update');
    });

    it('are none without new records, when closing, and without permission', () => {
      assert.equal(planOf([saidGroup()], MINUTE, lookable).reactionsOf, undefined);
      const waiting = changed('a', { count: 2, shown: 1, waitingSinceAtMillis: 5 });
      assert.equal(planOf([waiting], 6, { ...lookable, moment: { isClosing: true } }).reactionsOf, undefined);
      assert.equal(planOf([waiting], 6, { readyAtMillis: readyAt({ reactions: NEVER }) }).reactionsOf, undefined);
    });
  });

  describe('a post', () => {
    it('is not made when nothing is pending', () => {
      const plan = planOf([], 0, { isGathered: true });
      assert.deepEqual(
        { ...plan },
        {
          next: undefined,
          endpoint: undefined,
          reactionsOf: undefined,
          notification: undefined,
          dueAtMillis: NEVER,
          wakeAtMillis: NEVER,
          forgotten: [],
        },
      );
    });

    it('is about the most severe group, and among equals about the one pending longest', () => {
      const groups = [
        waiting('warn', WARN, 1),
        waiting('late', FATAL, 9),
        waiting('early', FATAL, 2),
        waiting('error', ERROR, 0),
      ];
      assert.deepEqual(gist(planOf(groups)), ['post', 'single', 'early']);
      assert.deepEqual(gist(planOf(groups, 0, { isGathered: true })), ['post', 'several', 'early,late,error,warn']);
      assert.deepEqual(
        groups.map(({ fingerprint }) => fingerprint),
        ['warn', 'late', 'early', 'error'],
        'what is given is not put into another order',
      );
    });

    it('is about a problem before the rest group', () => {
      const rest = { ...waiting('rest', FATAL), kind: 'rest' } as const;
      const loss = { ...waiting('loss', FATAL), kind: 'loss' } as const;
      assert.deepEqual(gist(planOf([rest, loss, waiting('a', WARN)])), ['post', 'single', 'a']);
      assert.equal(names(selectionOf([rest, loss, waiting('a', INFO)]))?.[0], 'a');
    });

    it('is one message for each of a few groups', () => {
      for (const count of [1, 2, MAX_SINGLE_MESSAGES])
        assert.deepEqual(gist(planOf(many(count))), ['post', 'single', 'g0']);
    });

    it('is one digest of many groups, which lists the most severe and then the newest', () => {
      const groups = [...many(58), waiting('worst', FATAL, 5), waiting('mild', INFO, 99)];
      const { notification } = planOf(groups);
      assert.equal(notification?.kind, 'digest');
      assert.equal(notification?.groups.length, 60);
      assert.deepEqual(names(notification)?.slice(0, 3), ['worst', 'g57', 'g56']);
      assert.equal(names(notification)?.at(-1), 'mild');
      assert.equal(planOf(many(MAX_SINGLE_MESSAGES + 1)).notification?.kind, 'digest');
    });

    it('is a few digests of the same length when these can list all groups', () => {
      const lengths = (count: number): number | undefined => planOf(many(count)).notification?.rows.length;
      assert.deepEqual([6, 60, 61, 300, 480, 481].map(lengths), [6, 60, 31, 60, 60, 481]);
    });

    it('A3: is about the FATAL groups first when there are more than digests can list, unless others are late', () => {
      const fatal = Array.from({ length: 20 }, (_, n) => waiting(`f${n}`, FATAL, 0));
      const kind = (groups: readonly Group[], nowMillis: number) => {
        const { notification } = planOf(groups, nowMillis);
        return [notification?.kind, notification?.groups.length];
      };
      assert.deepEqual(kind([...many(500), ...fatal], 5 * SECOND), ['digest', 20]);
      assert.deepEqual(kind([...many(500), ...fatal.slice(0, 3)], 5 * SECOND), ['single', 1]);
      assert.deepEqual(kind([...many(500), ...fatal], MINUTE), ['digest', 520]);
      assert.deepEqual(kind([...many(500)], 5 * SECOND), ['digest', 500]);
    });

    it('lists a group that is ten times as frequent before a newer one', () => {
      const groups = many(60).map((group, n) => ({ ...group, count: n === 3 ? 100_000 : 1 }));
      assert.deepEqual(names(planOf(groups).notification)?.slice(0, 2), ['g3', 'g59']);
    });

    it('has the words of all groups of a digest, of fifteen if there are very many, and the counts of all', () => {
      const attributes = { 'exception.stacktrace': 'E: x\n    at pay (/app/src/pay.ts:41:13)' };
      const groups = many(500).map((group) => ({ ...group, sample: sampleOf({ attributes }), count: 3 }));
      const located = (count: number): number | undefined =>
        planOf(groups.slice(0, count)).notification?.rows.filter(({ location }) => location !== undefined).length;
      assert.deepEqual([located(MAX_DIGEST_ROWS), located(500)], [MAX_DIGEST_ROWS, 15]);
      const rows = planOf(groups).notification?.rows ?? [];
      assert.deepEqual(new Set(rows.map(({ count }) => count)), new Set([3]));
    });

    it('is one message of a few groups during a flush', () => {
      assert.deepEqual(gist(planOf(many(3), 0, { isGathered: true })), ['post', 'several', 'g0,g1,g2']);
      assert.equal(planOf(many(1), 0, { isGathered: true }).notification?.kind, 'single');
      assert.equal(planOf(many(6), 0, { isGathered: true }).notification?.kind, 'digest');
    });

    it('has the counts of this moment, while the groups continue to count', () => {
      const group = { ...waiting('a') } as { -readonly [Key in keyof Group]: Group[Key] };
      const { notification } = planOf([group]);
      group.count = 9;
      assert.deepEqual([notification?.groups[0]?.count, notification?.rows[0]?.count], [1, 1]);
    });

    it('is a reminder with the records since the last message, under another id', () => {
      const group = saidGroup({ count: 12, shown: 5, message: undefined, postCount: 2 });
      const { notification } = planOf([group], 5 * MINUTE);
      const [row] = notification?.rows ?? [];
      assert.deepEqual([notification?.act, row?.count, row?.alreadyReported], ['post', 12, 5]);
      assert.deepEqual([notification?.id, row?.messageId], ['c0ffee00.3', 'c0ffee00.3']);
      assert.deepEqual([...(notification?.reasons ?? [])], [['a', 'tenfold']]);
    });

    it('is shown as live when the group was never posted, even if it is old', () => {
      assert.equal(planOf([groupOf()], HOUR).notification?.rows[0]?.status, 'live');
      const reminder = saidGroup({ count: 2, shown: 1, message: undefined });
      assert.equal(planOf([reminder], HOUR).notification?.rows[0]?.status, 'quiet');
    });

    it('goes before an update', () => {
      assert.deepEqual(gist(planOf([changed('old', { count: 99 }), waiting('new', INFO)], MINUTE)), [
        'post',
        'single',
        'new',
      ]);
    });
  });

  describe('the id of a message', () => {
    const digest = (changes: Partial<Group>[]): string =>
      planOf(many(60).map((group, n) => ({ ...group, ...changes[n] }))).notification?.id ?? '';

    it('contains the group pending longest, and groups that Slack may show already', () => {
      assert.equal(digest([]), 'g0');
      const unanswered = digest([{}, {}, {}, { ambiguous: 1 }, { ambiguous: 1 }]);
      assert.deepEqual(unanswered.split(' ').sort(), ['g0', 'g3', 'g4']);
    });

    it('stays the same when more records come', () => {
      assert.equal(planOf(many(6)).notification?.id, planOf(many(90)).notification?.id);
    });
  });

  describe('an update', () => {
    it('is a message with a row for each group that it shows', () => {
      const at = desk();
      for (const name of ['a', 'b', 'c']) at.fold(name);
      at.say({ isGathered: true });
      at.fold('b', { body: 'b' }, 4);
      const { notification } = planOf(at.box.groups.all(), MINUTE);
      assert.deepEqual([notification?.act, notification?.kind, notification?.id], ['update', 'several', 'id1']);
      assert.deepEqual(
        notification?.rows.map(({ fingerprint, count, what }) => [fingerprint, count, what]),
        [
          ['a', 1, 'a'],
          ['b', 5, 'b'],
          ['c', 1, 'c'],
        ],
      );
      assert.deepEqual([...(notification?.reasons ?? [])], [['b', 'changed']]);
      assert.equal(notification?.groups.length, 3);
      assert.ok(notification?.message?.ref);
    });

    it('is first for the message with the most new records', () => {
      const groups = [changed('a', { count: 5 }), changed('b', { count: 50 }), changed('c', { count: 9 })];
      assert.deepEqual(gist(planOf(groups, MINUTE)), ['update', 'single', 'b']);
    });

    it('is first for the record whose deadline is nearest: 30 s for FATAL, 2 minutes for ERROR', () => {
      const fatal = changed('fatal', {
        sample: sampleOf({ severityNumber: FATAL }),
        waitingSinceAtMillis: 91 * SECOND,
      });
      const big = changed('big', { count: 50, waitingSinceAtMillis: 1 });
      assert.deepEqual(gist(planOf([big, fatal], 110 * SECOND)), ['update', 'single', 'big']);
      const earlier = { ...fatal, waitingSinceAtMillis: 90 * SECOND };
      assert.deepEqual(gist(planOf([big, earlier], 110 * SECOND)), ['update', 'single', 'fatal']);
      const long = changed('long', { waitingSinceAtMillis: 0 });
      assert.deepEqual(gist(planOf([big, long], 110 * SECOND)), ['update', 'single', 'long']);
    });

    it('waits for the rate limit, and does not delay a post', () => {
      const readyAtMillis = readyAt({ update: 90 * SECOND });
      const held = planOf([changed('a')], MINUTE, { readyAtMillis });
      assert.equal(held.notification, undefined);
      assert.deepEqual([held.dueAtMillis, held.wakeAtMillis], [90 * SECOND, 90 * SECOND]);
      assert.deepEqual(gist(planOf([changed('a'), waiting('b')], MINUTE, { readyAtMillis })), ['post', 'single', 'b']);
      assert.deepEqual(gist(planOf([changed('a')], 90 * SECOND, { readyAtMillis })), ['update', 'single', 'a']);
    });

    it('goes to the endpoint of the message', () => {
      const there = changed('there', { count: 50 });
      const groups = [changed('here'), { ...there, message: { ...messageOf([]), endpoint: 'C2' } }];
      const readyAtMillis: PlanInput['readyAtMillis'] = (_act, place) => (place === PLACE ? 0 : NEVER);
      assert.deepEqual(gist(planOf(groups, MINUTE, { readyAtMillis })), ['update', 'single', 'here']);
    });

    it('is possible while no post is', () => {
      const readyAtMillis = readyAt({ post: HOUR });
      const plan = planOf([changed('a'), waiting('b')], MINUTE, { readyAtMillis });
      assert.deepEqual(gist(plan), ['update', 'single', 'a']);
    });
  });

  describe('a message whose group has moved', () => {
    /** A digest of six groups. One grew tenfold and moved to its own message. */
    async function moved() {
      const at = desk();
      for (let n = 0; n < 6; n++) at.fold(`g${n}`);
      at.say();
      for (let minute = 1; minute < 3; minute++) {
        await at.clock.advance(MINUTE);
        at.fold('g3', { body: 'g3' }, minute === 2 ? 60 : 1);
        if (minute === 1) at.say();
      }
      return at;
    }

    it('marks the row as moved, and keeps its counts', async () => {
      const at = await moved();
      assert.deepEqual(gist(at.plan()), ['post', 'single', 'g3']);
      at.say();
      await at.clock.advance(10 * SECOND);
      const notification = at.say();
      assert.deepEqual([notification.act, notification.kind, notification.rows.length], ['update', 'digest', 6]);
      const row = notification.rows.find(({ fingerprint }) => fingerprint === 'g3');
      assert.deepEqual([row?.status, row?.count], ['moved', 2]);
      assert.ok(!notification.groups.some(({ fingerprint }) => fingerprint === 'g3'));
      assert.equal(at.plan().notification, undefined, 'once');
    });

    it('waits like any update, and wakes the loop', async () => {
      const at = await moved();
      at.say();
      const changedAtMillis = at.box.messages.outdated()[0]?.changedAtMillis ?? 0;
      assert.ok(at.plan().wakeAtMillis <= changedAtMillis + 10 * SECOND || at.plan().notification?.act === 'update');
      assert.equal(at.plan({ moment: { isClosing: true } }).notification?.act, undefined, 'not at the end');
    });

    it('is not updated when it is frozen', async () => {
      const at = await moved();
      at.say();
      const message = at.box.messages.outdated()[0];
      assert.ok(message);
      at.box.messages.freeze(message);
      await at.clock.advance(10 * SECOND);
      assert.equal(at.plan().notification, undefined);
    });

    it('is not updated while its endpoint is blocked', () => {
      const outdated = [messageOf([rowFor(groupOf())])];
      const plan = planOf([], MINUTE, { outdated, moment: { blocked: new Set([PLACE]) } });
      assert.deepEqual([plan.notification, plan.wakeAtMillis], [undefined, NEVER]);
    });

    it('shows a forgotten problem as quiet', () => {
      const row = rowFor(groupOf({}, { fingerprint: 'gone' }), { count: 7 });
      const message = messageOf([row, rowFor(groupOf())]);
      const { notification } = planOf([], MINUTE, { outdated: [message] });
      assert.deepEqual(notification?.rows[0], { ...row, status: 'quiet' });
    });

    it('goes before new records that have time left, and after urgent ones', () => {
      const message = messageOf([rowFor(groupOf({}, { fingerprint: 'gone' }))]);
      const group = changed('a', { count: 9, shown: 1 });
      const first = (nowMillis: number) => planOf([group], nowMillis, { outdated: [message] }).notification?.message;
      assert.equal(first(MINUTE - 1), message);
      assert.equal(first(MINUTE), group.message);
    });

    it('does not wake the loop before an update is possible', () => {
      const message = messageOf([rowFor(groupOf())]);
      const readyAtMillis = readyAt({ update: HOUR });
      const plan = planOf([groupOf({}, { count: 0 })], MINUTE, { outdated: [message], readyAtMillis });
      assert.deepEqual([plan.notification, plan.wakeAtMillis], [undefined, HOUR]);
    });
  });

  describe('a reply', () => {
    const variant = sampleOf({ body: 'another one' });
    const reply = (name: string, changes: Partial<Group> = {}): Group =>
      changed(name, { count: 1, variant, waitingSinceAtMillis: undefined, ...changes });

    it('is a variant of one group, when there is nothing to post or to update', () => {
      assert.deepEqual(gist(planOf([reply('a')], MINUTE)), ['reply', 'single', 'a']);
      assert.deepEqual(gist(planOf([reply('a'), changed('b')], MINUTE)), ['update', 'single', 'b']);
      assert.deepEqual(gist(planOf([reply('a'), waiting('b')], MINUTE)), ['post', 'single', 'b']);
      const { notification } = planOf([reply('a')], MINUTE);
      assert.deepEqual([...(notification?.reasons ?? [])], [['a', 'variant']]);
      assert.deepEqual(notification?.groups[0]?.variant, variant);
      assert.ok(notification?.message?.ref);
    });

    it('is about the most severe group first', () => {
      const groups = [reply('a'), reply('b', { sample: sampleOf({ severityNumber: FATAL }) })];
      assert.deepEqual(gist(planOf(groups, MINUTE)), ['reply', 'single', 'b']);
    });

    it('waits like a post, and a flush does not wait for it', () => {
      const plan = planOf([reply('a')], MINUTE, { readyAtMillis: readyAt({ post: HOUR }) });
      assert.deepEqual([plan.notification, plan.wakeAtMillis, plan.dueAtMillis], [undefined, HOUR, NEVER]);
    });
  });

  describe('when closing', () => {
    const atEnd = { isGathered: true, moment: { isClosing: true } };
    const some = (count: number): Group[] =>
      Array.from({ length: count }, (_, n) => changed(`g${n}`, { count: 10 + n, shown: 9 }));

    it('updates up to five messages', () => {
      assert.equal(planOf(some(5), 1, atEnd).notification?.act, 'update');
    });

    it('posts one message instead of more than five updates', () => {
      const { notification } = planOf(some(6), 1, atEnd);
      assert.deepEqual([notification?.act, notification?.kind, notification?.rows.length], ['post', 'digest', 6]);
      assert.deepEqual(new Set(notification?.rows.map(({ alreadyReported }) => alreadyReported)), new Set([9]));
    });

    it('posts one message instead of updates that are not possible in time', () => {
      const { notification } = planOf([...some(2), waiting('new')], 1, {
        ...atEnd,
        readyAtMillis: readyAt({ update: 2 }),
      });
      assert.deepEqual([notification?.act, notification?.kind, notification?.rows.length], ['post', 'several', 3]);
    });

    it('counts messages, not rows', () => {
      const at = desk();
      for (let n = 0; n < 9; n++) at.fold(`g${n}`);
      at.say();
      for (let n = 0; n < 9; n++) at.fold(`g${n}`);
      assert.deepEqual(
        [at.say(atEnd).act, at.plan(atEnd).notification, at.box.groups.pending],
        ['update', undefined, 0],
      );
    });

    it('reports all new and all continuing groups in a few messages', async () => {
      const at = desk();
      for (let n = 0; n < 20; n++) {
        at.fold(`old${n}`, { body: `old ${n}` });
        at.say();
      }
      await at.clock.advance(5);
      for (let n = 0; n < 20; n++) at.fold(`old${n}`, { body: `old ${n}` }, 3);
      for (let n = 0; n < 20; n++) at.fold(`new${n}`, { body: `new ${n}` });
      const said = at.sayAll(atEnd);
      assert.deepEqual(
        said.map(({ act, kind, rows }) => [act, kind, rows.length]),
        [['post', 'digest', 40]],
      );
      assert.equal(at.box.groups.pending, 0);
    });
  });

  describe('when to choose again', () => {
    it('is when a post is possible', () => {
      const plan = planOf([waiting('a')], 0, { readyAtMillis: readyAt({ post: 700 }) });
      assert.deepEqual([plan.notification, plan.dueAtMillis, plan.wakeAtMillis], [undefined, 700, 700]);
      assert.equal(planOf([waiting('a')], 700, { readyAtMillis: readyAt({ post: 700 }) }).dueAtMillis, 700);
    });

    it('is when the first held group is due; a flush does not wait for that', () => {
      const groups = [
        changed('a'),
        changed('b', { changedAtMillis: 500 }),
        groupOf({}, { silencedUntilAtMillis: HOUR }),
      ];
      const plan = planOf(groups, 1_000);
      assert.deepEqual([plan.notification, plan.dueAtMillis, plan.wakeAtMillis], [undefined, NEVER, 10 * SECOND]);
    });

    it('is the end of the quiet hours', () => {
      const plan = planOf([waiting('a')], 5, { moment: { quietHoursMillis: HOUR } });
      assert.deepEqual([plan.notification, plan.dueAtMillis, plan.wakeAtMillis], [undefined, NEVER, HOUR + 5]);
    });

    it('is never now when nothing can be sent now', () => {
      const group = fc
        .record({
          isNew: fc.boolean(),
          count: fc.integer({ min: 1, max: 30 }),
          changedAtMillis: fc.nat(2 * MINUTE),
          lastCameAtMillis: fc.nat(2 * HOUR),
          isNews: fc.boolean(),
        })
        .map(({ isNew, count, changedAtMillis, lastCameAtMillis, isNews }) => (name: string) => {
          if (isNew) return { ...waiting(name), lastCameAtMillis };
          const news = isNews ? sampleOf() : undefined;
          return changed(name, { count, lastCameAtMillis, changedAtMillis, variant: news });
        });
      fc.assert(
        fc.property(
          fc.array(group, { maxLength: 8 }),
          fc.nat(3 * HOUR),
          fc.record({ post: fc.nat(3 * HOUR), update: fc.nat(3 * HOUR) }),
          fc.array(fc.nat(3 * HOUR), { maxLength: 2 }),
          (made, nowMillis, ready, outdatedAt) => {
            const outdated = outdatedAt.map((changedAtMillis) => messageOf([rowFor(groupOf())], { changedAtMillis }));
            const groups = made.map((make, n) => make(`g${n}`));
            const plan = planOf(groups, nowMillis, { outdated, readyAtMillis: readyAt(ready) });
            assert.ok(plan.wakeAtMillis <= plan.dueAtMillis);
            if (plan.notification === undefined) assert.ok(plan.wakeAtMillis > nowMillis, `wakes ${plan.wakeAtMillis}`);
          },
        ),
      );
    });
  });

  it('names the groups to forget', () => {
    const old = saidGroup({ message: undefined });
    assert.deepEqual(planOf([old, waiting('a', ERROR)], 24 * HOUR).forgotten, [old]);
    assert.deepEqual(planOf([waiting('a')], 24 * HOUR).forgotten, []);
  });

  it('does not report an escalation again for a problem that came back with many records at once', async () => {
    const at = desk({ canUpdate: false });
    at.fold('a');
    at.say();
    await at.clock.advance(2 * HOUR);
    at.fold('a', { body: 'a' }, 20);
    assert.equal(at.say().reasons.get('a'), 'regressed');
    assert.deepEqual(gist(at.plan()), undefined);
  });

  it('has the form of its group, alone', () => {
    const [plain, other] = [
      groupOf({}, { standing: { ...GOOD_STANDING, state: 'plain' } }),
      groupOf({}, { fingerprint: 'b' }),
    ];
    assert.equal(selectionOf([plain]).form, 'plain');
    assert.deepEqual(
      selectionOf([plain, other]).rows.map(({ fingerprint }) => fingerprint),
      ['b'],
    );
    assert.equal(selectionOf([plain, other]).form, 'full');
  });

  it('posts a group that grew tenfold separately from its digest', () => {
    const group = saidGroup({ count: 50, shown: 1, rate: rateOf(1, 1, 50) }, { kind: 'digest' });
    const { notification } = planOf([group], 2 * MINUTE);
    assert.deepEqual(
      [notification?.act, notification?.kind, notification?.reasons.get('a')],
      ['post', 'single', 'escalated'],
    );
    assert.deepEqual(
      notification?.rows.map(({ perMinute, alreadyReported }) => [perMinute, alreadyReported]),
      [[51, 1]],
    );
  });
});
