import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Group, PostedMessage } from '../../src/groups/group.js';
import { isPlainText, MAX_DIGEST_ROWS, type Notification } from '../../src/groups/notification.js';
import { MAX_SINGLE_MESSAGES, type PlanInput } from '../../src/plan/choose.js';
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

/** A group in a message of its own that can be changed, of which so many records came since. */
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
  describe('which reactions are read', () => {
    const lookable = { readyAtMillis: () => 0 };

    it('is those of a message of which there is something new to tell, once, before it is told', () => {
      const waiting = changed('a', { count: 2, shown: 1, waitingSinceAtMillis: 5 });
      const plan = planOf([waiting], 6, lookable);
      assert.deepEqual([plan.reactionsOf, plan.notification], [waiting.message, undefined]);
      const read = { ...waiting, message: { ...(waiting.message as PostedMessage), reactionsReadAtMillis: 5 } };
      assert.equal(planOf([read], MINUTE, lookable).notification?.act, 'update');
    });

    it('is none when nothing came, at the very end, and where the token may not', () => {
      assert.equal(planOf([saidGroup()], MINUTE, lookable).reactionsOf, undefined);
      const waiting = changed('a', { count: 2, shown: 1, waitingSinceAtMillis: 5 });
      assert.equal(planOf([waiting], 6, { ...lookable, moment: { isClosing: true } }).reactionsOf, undefined);
      assert.equal(planOf([waiting], 6, { readyAtMillis: readyAt({ reactions: NEVER }) }).reactionsOf, undefined);
    });
  });

  describe('what is posted', () => {
    it('is nothing when nothing waits', () => {
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

    it('is the worst first, and among equals the one that has waited longest', () => {
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

    it('is a problem before what is only counted', () => {
      const rest = { ...waiting('rest', FATAL), kind: 'rest' } as const;
      const loss = { ...waiting('loss', FATAL), kind: 'loss' } as const;
      assert.deepEqual(gist(planOf([rest, loss, waiting('a', WARN)])), ['post', 'single', 'a']);
      assert.equal(names(selectionOf([rest, loss, waiting('a', INFO)]))?.[0], 'a');
    });

    it('is a message for each of a few groups', () => {
      for (const count of [1, 2, MAX_SINGLE_MESSAGES])
        assert.deepEqual(gist(planOf(many(count))), ['post', 'single', 'g0']);
    });

    it('is one message when there are many, which takes them all and names the worst and then the newest', () => {
      const groups = [...many(70), waiting('worst', FATAL, 5), waiting('mild', INFO, 99)];
      const { notification } = planOf(groups);
      assert.equal(notification?.kind, 'digest');
      assert.equal(notification?.groups.length, 72);
      assert.deepEqual(names(notification)?.slice(0, 3), ['worst', 'g69', 'g68']);
      assert.equal(names(notification)?.at(-1), 'mild');
      assert.equal(planOf(many(MAX_SINGLE_MESSAGES + 1)).notification?.kind, 'digest');
    });

    it('is a few messages in a row when these can name all of them, of one length', () => {
      const lengths = (count: number): number | undefined => planOf(many(count)).notification?.rows.length;
      assert.deepEqual([6, 15, 16, 51, 60, 61].map(lengths), [6, 15, 8, 13, 15, 61]);
    });

    it('names what came ten times as often before what is newer', () => {
      const groups = many(70).map((group, n) => ({ ...group, count: n === 3 ? 100_000 : 1 }));
      assert.deepEqual(names(planOf(groups).notification)?.slice(0, 2), ['g3', 'g69']);
    });

    it('has the words of fifteen groups of a digest, and the counts of all', () => {
      const attributes = { 'exception.stacktrace': 'E: x\n    at pay (/app/src/pay.ts:41:13)' };
      const groups = many(70).map((group) => ({ ...group, sample: sampleOf({ attributes }), count: 3 }));
      const rows = planOf(groups).notification?.rows ?? [];
      assert.equal(rows.filter(({ location }) => location !== undefined).length, MAX_DIGEST_ROWS);
      assert.deepEqual(new Set(rows.map(({ count }) => count)), new Set([3]));
    });

    it('is one message of a few groups when somebody waits for it', () => {
      assert.deepEqual(gist(planOf(many(3), 0, { isGathered: true })), ['post', 'several', 'g0,g1,g2']);
      assert.equal(planOf(many(1), 0, { isGathered: true }).notification?.kind, 'single');
      assert.equal(planOf(many(6), 0, { isGathered: true }).notification?.kind, 'digest');
    });

    it('claims the counts of now, though the groups go on counting', () => {
      const group = { ...waiting('a') } as { -readonly [Key in keyof Group]: Group[Key] };
      const { notification } = planOf([group]);
      group.count = 9;
      assert.deepEqual([notification?.groups[0]?.count, notification?.rows[0]?.count], [1, 1]);
    });

    it('is a reminder that says what came since the last message, under another id', () => {
      const group = saidGroup({ count: 12, shown: 5, message: undefined, postCount: 2 });
      const { notification } = planOf([group], 5 * MINUTE);
      const [row] = notification?.rows ?? [];
      assert.deepEqual([notification?.act, row?.count, row?.alreadyReported], ['post', 12, 5]);
      assert.deepEqual([notification?.id, row?.messageId], ['c0ffee00.3', 'c0ffee00.3']);
      assert.deepEqual([...(notification?.reasons ?? [])], [['a', 'tenfold']]);
    });

    it('is live when nobody was told of it yet, though it came long ago', () => {
      assert.equal(planOf([groupOf()], HOUR).notification?.rows[0]?.status, 'live');
      const reminder = saidGroup({ count: 2, shown: 1, message: undefined });
      assert.equal(planOf([reminder], HOUR).notification?.rows[0]?.status, 'quiet');
    });

    it('goes before what has changed', () => {
      assert.deepEqual(gist(planOf([changed('old', { count: 99 }), waiting('new', INFO)], MINUTE)), [
        'post',
        'single',
        'new',
      ]);
    });
  });

  describe('the id of a message', () => {
    const digest = (changes: Partial<Group>[]): string =>
      planOf(many(70).map((group, n) => ({ ...group, ...changes[n] }))).notification?.id ?? '';

    it('is that of the group that waited longest, and of what may have been shown already', () => {
      assert.equal(digest([]), 'g0');
      const unanswered = digest([{}, {}, {}, { ambiguous: 1 }, { ambiguous: 1 }]);
      assert.deepEqual(unanswered.split(' ').sort(), ['g0', 'g3', 'g4']);
    });

    it('stays the same when more comes', () => {
      assert.equal(planOf(many(6)).notification?.id, planOf(many(90)).notification?.id);
    });
  });

  describe('what is changed', () => {
    it('is a message, with a row for all that it shows', () => {
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

    it('is first what changed most', () => {
      const groups = [changed('a', { count: 5 }), changed('b', { count: 50 }), changed('c', { count: 9 })];
      assert.deepEqual(gist(planOf(groups, MINUTE)), ['update', 'single', 'b']);
    });

    it('is what waited for more than a minute before what changed more', () => {
      const groups = [
        changed('big', { count: 50, waitingSinceAtMillis: MINUTE }),
        changed('long', { waitingSinceAtMillis: MINUTE - 1 }),
      ];
      assert.deepEqual(gist(planOf(groups, 2 * MINUTE - 1)), ['update', 'single', 'big']);
      assert.deepEqual(gist(planOf(groups, 2 * MINUTE)), ['update', 'single', 'long']);
    });

    it('waits until an update can be made, and does not keep a post waiting', () => {
      const readyAtMillis = readyAt({ update: 90 * SECOND });
      const held = planOf([changed('a')], MINUTE, { readyAtMillis });
      assert.equal(held.notification, undefined);
      assert.deepEqual([held.dueAtMillis, held.wakeAtMillis], [90 * SECOND, 90 * SECOND]);
      assert.deepEqual(gist(planOf([changed('a'), waiting('b')], MINUTE, { readyAtMillis })), ['post', 'single', 'b']);
      assert.deepEqual(gist(planOf([changed('a')], 90 * SECOND, { readyAtMillis })), ['update', 'single', 'a']);
    });

    it('is asked for in the place where the message stands', () => {
      const there = changed('there', { count: 50 });
      const groups = [changed('here'), { ...there, message: { ...messageOf([]), endpoint: 'C2' } }];
      const readyAtMillis: PlanInput['readyAtMillis'] = (_act, place) => (place === PLACE ? 0 : NEVER);
      assert.deepEqual(gist(planOf(groups, MINUTE, { readyAtMillis })), ['update', 'single', 'here']);
    });

    it('can be done while nothing can be posted', () => {
      const readyAtMillis = readyAt({ post: HOUR });
      const plan = planOf([changed('a'), waiting('b')], MINUTE, { readyAtMillis });
      assert.deepEqual(gist(plan), ['update', 'single', 'a']);
    });
  });

  describe('a message of which something goes on elsewhere', () => {
    /** A digest of six, of which one grew tenfold and got a message of its own. */
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

    it('says so, and leaves what it showed of it', async () => {
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

    it('waits as every update does, and is a reason to look again', async () => {
      const at = await moved();
      at.say();
      const changedAtMillis = at.box.messages.outdated()[0]?.changedAtMillis ?? 0;
      assert.ok(at.plan().wakeAtMillis <= changedAtMillis + 10 * SECOND || at.plan().notification?.act === 'update');
      assert.equal(at.plan({ moment: { isClosing: true } }).notification?.act, undefined, 'not at the end');
    });

    it('is not said where nothing can be changed any more', async () => {
      const at = await moved();
      at.say();
      const message = at.box.messages.outdated()[0];
      assert.ok(message);
      at.box.messages.freeze(message);
      await at.clock.advance(10 * SECOND);
      assert.equal(at.plan().notification, undefined);
    });

    it('is not said while it stands in a place that a person must mend', () => {
      const outdated = [messageOf([rowFor(groupOf())])];
      const plan = planOf([], MINUTE, { outdated, moment: { blocked: new Set([PLACE]) } });
      assert.deepEqual([plan.notification, plan.wakeAtMillis], [undefined, NEVER]);
    });

    it('shows a problem that nobody follows any more as quiet', () => {
      const row = rowFor(groupOf({}, { fingerprint: 'gone' }), { count: 7 });
      const message = messageOf([row, rowFor(groupOf())]);
      const { notification } = planOf([], MINUTE, { outdated: [message] });
      assert.deepEqual(notification?.rows[0], { ...row, status: 'quiet' });
    });

    it('goes before small changes when it has waited for long', () => {
      const message = messageOf([rowFor(groupOf({}, { fingerprint: 'gone' }))], { changedAtMillis: -HOUR });
      const { notification } = planOf([changed('a', { count: 9, shown: 1 })], MINUTE, { outdated: [message] });
      assert.equal(notification?.message, message);
    });

    it('is no reason to look again before an update can be made', () => {
      const message = messageOf([rowFor(groupOf())]);
      const readyAtMillis = readyAt({ update: HOUR });
      const plan = planOf([groupOf({}, { count: 0 })], MINUTE, { outdated: [message], readyAtMillis });
      assert.deepEqual([plan.notification, plan.wakeAtMillis], [undefined, HOUR]);
    });
  });

  describe('what is said in a thread', () => {
    const variant = sampleOf({ body: 'another one' });
    const reply = (name: string, changes: Partial<Group> = {}): Group =>
      changed(name, { count: 1, variant, waitingSinceAtMillis: undefined, ...changes });

    it('is what is new in one group, when there is nothing to post or to change', () => {
      assert.deepEqual(gist(planOf([reply('a')], MINUTE)), ['reply', 'single', 'a']);
      assert.deepEqual(gist(planOf([reply('a'), changed('b')], MINUTE)), ['update', 'single', 'b']);
      assert.deepEqual(gist(planOf([reply('a'), waiting('b')], MINUTE)), ['post', 'single', 'b']);
      const { notification } = planOf([reply('a')], MINUTE);
      assert.deepEqual([...(notification?.reasons ?? [])], [['a', 'variant']]);
      assert.deepEqual(notification?.groups[0]?.variant, variant);
      assert.ok(notification?.message?.ref);
    });

    it('is the worst first', () => {
      const groups = [reply('a'), reply('b', { sample: sampleOf({ severityNumber: FATAL }) })];
      assert.deepEqual(gist(planOf(groups, MINUTE)), ['reply', 'single', 'b']);
    });

    it('waits as a post does, and nobody waits for it', () => {
      const plan = planOf([reply('a')], MINUTE, { readyAtMillis: readyAt({ post: HOUR }) });
      assert.deepEqual([plan.notification, plan.wakeAtMillis, plan.dueAtMillis], [undefined, HOUR, NEVER]);
    });
  });

  describe('at the very end', () => {
    const atEnd = { isGathered: true, moment: { isClosing: true } };
    const some = (count: number): Group[] =>
      Array.from({ length: count }, (_, n) => changed(`g${n}`, { count: 10 + n, shown: 9 }));

    it('changes up to five messages, each of them', () => {
      assert.equal(planOf(some(5), 1, atEnd).notification?.act, 'update');
    });

    it('says in one message what more than five would have said', () => {
      const { notification } = planOf(some(6), 1, atEnd);
      assert.deepEqual([notification?.act, notification?.kind, notification?.rows.length], ['post', 'digest', 6]);
      assert.deepEqual(new Set(notification?.rows.map(({ alreadyReported }) => alreadyReported)), new Set([9]));
    });

    it('says in one message what could not be changed in time', () => {
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

    it('says in a few messages everything that is new and everything that goes on', async () => {
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
        [
          ['post', 'digest', 14],
          ['post', 'digest', 13],
          ['post', 'digest', 13],
        ],
      );
      assert.equal(at.box.groups.pending, 0);
    });
  });

  describe('when to choose again', () => {
    it('is when something can be posted', () => {
      const plan = planOf([waiting('a')], 0, { readyAtMillis: readyAt({ post: 700 }) });
      assert.deepEqual([plan.notification, plan.dueAtMillis, plan.wakeAtMillis], [undefined, 700, 700]);
      assert.equal(planOf([waiting('a')], 700, { readyAtMillis: readyAt({ post: 700 }) }).dueAtMillis, 700);
    });

    it('is when the first of what is held is free; nobody waits for that', () => {
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

    it('is never now when there is nothing to say now', () => {
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

  it('names what is to be forgotten', () => {
    const old = saidGroup({ message: undefined });
    assert.deepEqual(planOf([old, waiting('a', ERROR)], 24 * HOUR).forgotten, [old]);
    assert.deepEqual(planOf([waiting('a')], 24 * HOUR).forgotten, []);
  });

  it('does not say again at once that a problem is worse, which came back with many at once', async () => {
    const at = desk({ canUpdate: false });
    at.fold('a');
    at.say();
    await at.clock.advance(2 * HOUR);
    at.fold('a', { body: 'a' }, 20);
    assert.equal(at.say().reasons.get('a'), 'regressed');
    assert.deepEqual(gist(at.plan()), undefined);
  });

  it('knows when Slack refused the look of everything in it', () => {
    const [plain, other] = [groupOf({}, { asPlainText: true }), groupOf({}, { fingerprint: 'b' })];
    assert.equal(isPlainText(selectionOf([plain])), true);
    assert.equal(isPlainText(selectionOf([plain, other])), false);
    assert.equal(isPlainText(selectionOf([other])), false);
    assert.equal(isPlainText({ ...selectionOf([plain]), groups: [] }), false);
  });

  it('tells a group that grew tenfold apart from the others in its digest', () => {
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
