import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Group, PostedMessage, Row } from '../../src/groups/group.js';
import { canChange, hasEnded, type Moment, statusOf } from '../../src/groups/lifecycle.js';
import { POLICY } from '../../src/groups/policy.js';
import { Rate } from '../../src/groups/rate.js';
import { type Decision, decide } from '../../src/plan/decide.js';
import {
  groupOf,
  HOUR,
  MINUTE,
  messageOf,
  momentOf,
  PLACE,
  rateOf,
  rowFor,
  SECOND,
  saidGroup,
  sampleOf,
} from '../support/groups.js';
import { FATAL, WARN } from '../support/records.js';

const QUIET_HOURS: Partial<Moment> = { quietHoursMillis: 7 * HOUR };
const CLOSING: Partial<Moment> = { isClosing: true };
const BLOCKED: Partial<Moment> = { blocked: new Set([PLACE]) };

const decided = (group: Group, nowMillis: number, moment: Partial<Moment> = {}): Decision =>
  decide(group, POLICY, momentOf(nowMillis, moment));
const held = (reason: string, untilAtMillis: number) => ({ act: 'hold', reason, untilAtMillis });

/** A group that was posted with a webhook, so that its message cannot be updated. */
const webhookGroup = (changes: Partial<Group> = {}): Group => saidGroup(changes, { ref: undefined });
/** A group in a digest. */
const digestGroup = (changes: Partial<Group> = {}): Group => saidGroup(changes, { kind: 'digest' });
const fatal = (group: Group): Group => ({ ...group, sample: sampleOf({ severityNumber: FATAL }) });
/** A group whose message shows this status already. */
const saidTo = (group: Group, status: Row['status'], message: Partial<PostedMessage> = {}): Group => ({
  ...group,
  message: messageOf([rowFor(group, { status: status })], message),
});

/** The expected decision for a group at a time. */
interface Case {
  readonly group: Group;
  readonly at: number;
  readonly moment?: Partial<Moment>;
  readonly is: unknown;
}

function table(cases: Readonly<Record<string, Case>>): void {
  for (const [title, { group, at, moment, is }] of Object.entries(cases)) {
    it(title, () => assert.deepEqual(decided(group, at, moment), is));
  }
}

describe('decide', () => {
  describe('a group that was never posted', () => {
    const previousEpisode = { count: 3, lastSeenMillis: 0, ended: 'quiet', silenced: 0 } as const;
    table({
      'is posted at once': { group: groupOf(), at: 0, is: { act: 'post', reason: 'new' } },
      'is posted, however long that was not possible': {
        group: groupOf(),
        at: 50 * HOUR,
        is: { act: 'post', reason: 'new' },
      },
      'is posted as regressed when there was an earlier episode': {
        group: groupOf({}, { previousEpisode }),
        at: 0,
        is: { act: 'post', reason: 'regressed' },
      },
      'is held in quiet hours': { group: groupOf(), at: 5, moment: QUIET_HOURS, is: held('quiet hours', 7 * HOUR + 5) },
      'is held in quiet hours when it comes back': {
        group: groupOf({}, { previousEpisode }),
        at: 5,
        moment: QUIET_HOURS,
        is: held('quiet hours', 7 * HOUR + 5),
      },
      'is posted in quiet hours when it is FATAL': {
        group: groupOf({ severityNumber: FATAL }),
        at: 5,
        moment: QUIET_HOURS,
        is: { act: 'post', reason: 'new' },
      },
      'is posted when closing, also in quiet hours': {
        group: groupOf({ severityNumber: WARN }),
        at: 5,
        moment: { ...QUIET_HOURS, ...CLOSING },
        is: { act: 'post', reason: 'new' },
      },
      'is not posted without records': {
        group: groupOf({}, { count: 0 }),
        at: 0,
        is: held('nothing new', 24 * HOUR),
      },
      'is posted when it counts lost records': {
        group: groupOf({}, { kind: 'loss' }),
        at: 0,
        is: { act: 'post', reason: 'new' },
      },
    });
  });

  describe('a group in an updatable message', () => {
    table({
      'is updated ten seconds after the post': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 10 * SECOND,
        is: { act: 'update', reason: 'changed' },
      },
      'is not updated earlier': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 10 * SECOND - 1,
        is: held('notified recently', 10 * SECOND),
      },
      'is not updated within ten seconds after the last update': {
        group: saidGroup({ count: 2, shown: 1 }, { changedAtMillis: MINUTE }),
        at: MINUTE + 9 * SECOND,
        is: held('notified recently', MINUTE + 10 * SECOND),
      },
      'is updated in quiet hours, because Slack notifies nobody of that': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 10 * SECOND,
        moment: QUIET_HOURS,
        is: { act: 'update', reason: 'changed' },
      },
      'is not updated without new records until it becomes quiet': {
        group: saidGroup(),
        at: MINUTE,
        is: held('nothing new', 30 * MINUTE),
      },
      'is updated as quiet after 30 minutes without records': {
        group: saidGroup(),
        at: 30 * MINUTE,
        is: { act: 'update', reason: 'quiet' },
      },
      'is not updated as quiet earlier': {
        group: saidGroup(),
        at: 30 * MINUTE - 1,
        is: held('nothing new', 30 * MINUTE),
      },
      'is updated as quiet once': {
        group: saidTo(saidGroup(), 'quiet'),
        at: 31 * MINUTE,
        is: held('nothing new', 24 * HOUR),
      },
      'is updated when records come after it was marked as quiet': {
        group: saidTo(saidGroup({ lastCameAtMillis: 31 * MINUTE }), 'quiet'),
        at: 31 * MINUTE,
        is: { act: 'update', reason: 'changed' },
      },
      'stays silenced after that time, until the next record': {
        group: saidTo(saidGroup({ lastCameAtMillis: HOUR, silencedUntilAtMillis: HOUR }), 'silenced'),
        at: HOUR,
        is: held('nothing new', HOUR + 30 * MINUTE),
      },
      'is updated when the message has no row of the group': {
        group: { ...saidGroup(), message: messageOf([]) },
        at: MINUTE,
        is: { act: 'update', reason: 'changed' },
      },
      'is updated when closing, however recent the last update is': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 1,
        moment: CLOSING,
        is: { act: 'update', reason: 'closing' },
      },
      'is not updated when closing without new records': {
        group: saidGroup(),
        at: 1,
        moment: CLOSING,
        is: held('nothing new', 30 * MINUTE),
      },
    });
  });

  describe('a group in a message that cannot be updated', () => {
    const more = { count: 6, shown: 5 };
    const schedule: readonly [number, number][] = [
      [0, 1],
      [1, 5],
      [5, 30],
      [30, 60],
      [60, 120],
      [120, 180],
      [1_380, 1_440],
    ];
    for (const [saidMinutes, dueMinutes] of schedule) {
      const group = webhookGroup({
        ...more,
        lastPostedAtMillis: saidMinutes * MINUTE,
        lastCameAtMillis: dueMinutes * MINUTE - 1,
      });
      it(`is reminded of ${dueMinutes} minutes after the first post, if the last one was after ${saidMinutes}`, () => {
        const due = dueMinutes * MINUTE;
        assert.deepEqual(decided(group, due - 1), held('notified recently', due));
        assert.deepEqual(decided(group, due), { act: 'remind', reason: 'scheduled' });
      });
    }

    it('keeps the schedule when a message was late', () => {
      const group = webhookGroup({ ...more, lastPostedAtMillis: 3 * MINUTE, lastCameAtMillis: 4 * MINUTE });
      assert.deepEqual(decided(group, 4 * MINUTE), held('notified recently', 5 * MINUTE));
      const hourly = { ...group, lastPostedAtMillis: 185 * MINUTE, lastCameAtMillis: 230 * MINUTE };
      assert.deepEqual(decided(hourly, 231 * MINUTE), held('notified recently', 240 * MINUTE));
    });

    table({
      'is posted at once when the count gets another digit': {
        group: webhookGroup({ count: 10, shown: 9 }),
        at: 1,
        is: { act: 'remind', reason: 'tenfold' },
      },
      'is not posted while the count has as many digits': {
        group: webhookGroup({ count: 99, shown: 10 }),
        at: 1,
        is: held('notified recently', MINUTE),
      },
      'is posted once for several digits': {
        group: webhookGroup({ count: 100_000, shown: 9 }),
        at: 1,
        is: { act: 'remind', reason: 'tenfold' },
      },
      'is not posted without new records': {
        group: webhookGroup({ count: 5 }),
        at: HOUR,
        is: held('nothing new', 24 * HOUR),
      },
      'is posted when it becomes quiet with unreported records': {
        group: webhookGroup({ ...more, lastPostedAtMillis: 60 * MINUTE, lastCameAtMillis: 70 * MINUTE }),
        at: 100 * MINUTE,
        is: { act: 'remind', reason: 'quiet' },
      },
      'waits no longer than until it becomes quiet': {
        group: webhookGroup({ ...more, lastPostedAtMillis: 60 * MINUTE, lastCameAtMillis: 70 * MINUTE }),
        at: 71 * MINUTE,
        is: held('notified recently', 100 * MINUTE),
      },
      'is held in quiet hours': {
        group: webhookGroup(more),
        at: MINUTE,
        moment: QUIET_HOURS,
        is: held('quiet hours', 7 * HOUR + MINUTE),
      },
      'is held in quiet hours, however many records there are': {
        group: webhookGroup({ count: 10, shown: 9 }),
        at: MINUTE,
        moment: QUIET_HOURS,
        is: held('quiet hours', 7 * HOUR + MINUTE),
      },
      'is posted in quiet hours when it is FATAL': {
        group: fatal(webhookGroup(more)),
        at: MINUTE,
        moment: QUIET_HOURS,
        is: { act: 'remind', reason: 'scheduled' },
      },
      'is posted when closing': {
        group: webhookGroup(more),
        at: 1,
        moment: { ...CLOSING, ...QUIET_HOURS },
        is: { act: 'remind', reason: 'closing' },
      },
      'is not posted when closing without new records': {
        group: webhookGroup(),
        at: 1,
        moment: CLOSING,
        is: held('nothing new', 24 * HOUR),
      },
      'is reminded of when the message is frozen': {
        group: saidGroup(more, { isFrozen: true }),
        at: MINUTE,
        is: { act: 'remind', reason: 'scheduled' },
      },
      'is reminded of while the endpoint of the message is blocked': {
        group: saidGroup(more),
        at: MINUTE,
        moment: BLOCKED,
        is: { act: 'remind', reason: 'scheduled' },
      },
      'is updated while another endpoint is blocked': {
        group: saidGroup(more, { endpoint: 'C2' }),
        at: MINUTE,
        moment: BLOCKED,
        is: { act: 'update', reason: 'changed' },
      },
    });
  });

  describe('a group whose rate grew tenfold', () => {
    const grown = { count: 42, shown: 2, rate: rateOf(1, 1, 40), lastCameAtMillis: 2 * MINUTE };
    const at = 2 * MINUTE;
    table({
      'is reported in the thread of its own message': {
        group: saidGroup(grown, { changedAtMillis: at }),
        at,
        is: { act: 'reply', reason: 'escalated' },
      },
      'is posted in a new message when it is a row of a digest': {
        group: digestGroup(grown),
        at,
        is: { act: 'post', reason: 'escalated' },
      },
      'is posted in a new message when it is one of several': {
        group: saidGroup(grown, { kind: 'several' }),
        at,
        is: { act: 'post', reason: 'escalated' },
      },
      'is reminded of where no message can be updated': {
        group: webhookGroup(grown),
        at,
        is: { act: 'remind', reason: 'escalated' },
      },
      'is reminded of at once when the message is frozen': {
        group: saidGroup(grown, { isFrozen: true }),
        at,
        is: { act: 'remind', reason: 'escalated' },
      },
      'is reminded of at once while the endpoint is blocked': {
        group: digestGroup(grown),
        at,
        moment: BLOCKED,
        is: { act: 'remind', reason: 'escalated' },
      },
      'is reported after five replies': {
        group: saidGroup({ ...grown, replies: 5 }, { repliedAtMillis: at - MINUTE }),
        at,
        is: { act: 'reply', reason: 'escalated' },
      },
      'is not posted within a minute after the last reply': {
        group: saidGroup(grown, { repliedAtMillis: at - MINUTE + 1 }),
        at,
        is: { act: 'update', reason: 'changed' },
      },
      'mentions nobody in quiet hours': {
        group: saidGroup(grown),
        at,
        moment: QUIET_HOURS,
        is: { act: 'update', reason: 'changed' },
      },
      'is reported in quiet hours when it is FATAL': {
        group: fatal(saidGroup(grown)),
        at,
        moment: QUIET_HOURS,
        is: { act: 'reply', reason: 'escalated' },
      },
      'is posted as new when it was never posted': {
        group: groupOf({}, { rate: grown.rate, count: 42 }),
        at,
        is: { act: 'post', reason: 'new' },
      },
      'is not reported when it counts lost records': {
        group: { ...saidGroup(grown), kind: 'loss' },
        at,
        is: { act: 'update', reason: 'changed' },
      },
      'is reported like any other when closing': {
        group: saidGroup(grown),
        at,
        moment: CLOSING,
        is: { act: 'update', reason: 'closing' },
      },
    });
  });

  describe('a variant', () => {
    const news = sampleOf({ body: 'another one' });
    const at = 2 * MINUTE;
    table({
      'is posted in the thread': { group: saidGroup({ variant: news }), at, is: { act: 'reply', reason: 'variant' } },
      'is posted while the message may not be updated': {
        group: saidGroup({ variant: news, count: 2, shown: 1 }, { changedAtMillis: at }),
        at,
        is: { act: 'reply', reason: 'variant' },
      },
      'waits for the update of the message': {
        group: saidGroup({ variant: news, count: 2, shown: 1 }),
        at,
        is: { act: 'update', reason: 'changed' },
      },
      'is posted when the last reply was a minute ago': {
        group: saidGroup({ variant: news }, { repliedAtMillis: at - MINUTE }),
        at,
        is: { act: 'reply', reason: 'variant' },
      },
      'is the fifth reply': {
        group: saidGroup({ variant: news, replies: 4 }),
        at,
        is: { act: 'reply', reason: 'variant' },
      },
      'is not posted after five replies': {
        group: saidGroup({ variant: news, replies: 5 }),
        at,
        is: held('nothing new', 30 * MINUTE),
      },
      'is not posted where there is no thread': {
        group: webhookGroup({ variant: news }),
        at,
        is: held('nothing new', 24 * HOUR),
      },
      'is not posted in quiet hours': {
        group: saidGroup({ variant: news }),
        at,
        moment: QUIET_HOURS,
        is: held('quiet hours', at + 7 * HOUR),
      },
      'is not posted when closing': {
        group: saidGroup({ variant: news }),
        at,
        moment: CLOSING,
        is: held('nothing new', 30 * MINUTE),
      },
    });

    it('is not posted within a minute after the last reply', () => {
      const group = saidGroup({ variant: news }, { repliedAtMillis: at - MINUTE + 1 });
      assert.equal(decided(group, at).act, 'hold');
    });

    it('is posted a minute after the last reply', () => {
      const group = saidGroup({ variant: news }, { repliedAtMillis: at - MINUTE + 1 });
      assert.deepEqual(decided(group, at), held('notified recently', at + 1));
      const changed = saidGroup(
        { variant: news, count: 2, shown: 1 },
        { repliedAtMillis: 0, changedAtMillis: 55 * SECOND },
      );
      assert.deepEqual(decided(changed, 56 * SECOND), held('notified recently', MINUTE));
    });
  });

  describe('a silenced group', () => {
    const silenced = { silencedUntilAtMillis: 24 * HOUR };
    const is = held('silenced', 24 * HOUR);
    table({
      'is not posted, whatever comes': { group: saidGroup({ ...silenced, count: 99, shown: 1 }), at: HOUR, is },
      'is not posted where no message can be updated': {
        group: webhookGroup({ ...silenced, count: 99, shown: 1 }),
        at: HOUR,
        is,
      },
      'is not posted, even if it is new': { group: groupOf({}, silenced), at: HOUR, is },
      'is not posted, even if it is FATAL and grows': {
        group: fatal(saidGroup({ ...silenced, rate: rateOf(1, 1, 99) })),
        at: 2 * MINUTE,
        is,
      },
      'is not posted at the close': { group: saidGroup({ ...silenced, count: 2 }), at: HOUR, moment: CLOSING, is },
      'is posted again when the time is over': {
        group: webhookGroup({ ...silenced, count: 5, shown: 1 }),
        at: 24 * HOUR,
        is: { act: 'remind', reason: 'quiet' },
      },
    });
  });

  describe('a group without records for a day', () => {
    const quiet = saidTo(saidGroup(), 'quiet');
    table({
      'is forgotten': { group: quiet, at: 24 * HOUR, is: { act: 'forget' } },
      'is not forgotten earlier': { group: quiet, at: 24 * HOUR - 1, is: held('nothing new', 24 * HOUR) },
      'is forgotten a day after the last record': {
        group: { ...quiet, lastCameAtMillis: HOUR },
        at: 24 * HOUR,
        is: held('nothing new', 25 * HOUR),
      },
      'is forgotten where no message can be updated': { group: webhookGroup(), at: 24 * HOUR, is: { act: 'forget' } },
      'is forgotten when closing, too': {
        group: webhookGroup(),
        at: 24 * HOUR,
        moment: CLOSING,
        is: { act: 'forget' },
      },
      'is marked as quiet first': { group: saidGroup(), at: 24 * HOUR, is: { act: 'update', reason: 'quiet' } },
      'is posted first when it has pending records': {
        group: webhookGroup({ count: 2, shown: 1 }),
        at: 24 * HOUR,
        is: { act: 'remind', reason: 'quiet' },
      },
    });
  });

  it('uses the given policy', () => {
    const policy = {
      ...POLICY,
      updateEveryMillis: 1,
      remindAfterMillis: [2],
      remindEveryMillis: 10,
      quietAfterMillis: 100,
      forgetAfterMillis: 200,
      replyEveryMillis: 5,
      maxReplies: 1,
    };
    const at = (group: Group, nowMillis: number): Decision => decide(group, policy, momentOf(nowMillis));
    const more = { count: 2, shown: 1 };
    assert.deepEqual(at(saidGroup(more), 1), { act: 'update', reason: 'changed' });
    assert.deepEqual(at(webhookGroup(more), 2), { act: 'remind', reason: 'scheduled' });
    assert.deepEqual(at(webhookGroup({ ...more, lastPostedAtMillis: 2 }), 3), held('notified recently', 10));
    assert.deepEqual(at(saidGroup(), 100), { act: 'update', reason: 'quiet' });
    assert.deepEqual(at(webhookGroup(), 200), { act: 'forget' });
    assert.equal(at(saidGroup({ variant: sampleOf() }, { repliedAtMillis: 0 }), 5).act, 'reply');
    assert.equal(at(saidGroup({ variant: sampleOf(), replies: 1 }), 5).act, 'hold');
  });

  describe('whether a problem is over', () => {
    const over = (group: Group, nowMillis = 30 * MINUTE): boolean => hasEnded(group, POLICY, nowMillis);

    it('needs half an hour without records, and no pending record', () => {
      assert.equal(over(webhookGroup()), true);
      assert.equal(over(webhookGroup(), 30 * MINUTE - 1), false);
      assert.equal(over(webhookGroup({ count: 2, shown: 1 })), false);
      assert.equal(over(groupOf()), false);
      assert.equal(over(groupOf({}, { shown: 1 })), false, 'nobody was told of it');
    });

    it('does not depend on the message, because Slack may be down', () => {
      assert.equal(over(saidGroup()), true);
      assert.equal(over(saidTo(saidGroup(), 'quiet')), true);
      assert.equal(over(saidGroup({}, { isFrozen: true })), true);
    });
  });

  it('has a status', () => {
    const status = (group: Group, nowMillis: number) => statusOf(group, POLICY, nowMillis);
    assert.equal(status(groupOf(), 30 * MINUTE - 1), 'live');
    assert.equal(status(groupOf(), 30 * MINUTE), 'quiet');
    assert.equal(status(groupOf({}, { silencedUntilAtMillis: HOUR }), 59 * MINUTE), 'silenced');
    assert.equal(status(groupOf({}, { silencedUntilAtMillis: HOUR }), HOUR), 'silenced');
  });

  it('can update only some messages', () => {
    const message = messageOf([]);
    assert.equal(canChange(message, momentOf(0)), true);
    assert.equal(canChange(undefined, momentOf(0)), false);
    assert.equal(canChange({ ...message, ref: undefined }, momentOf(0)), false);
    assert.equal(canChange({ ...message, isFrozen: true }, momentOf(0)), false);
    assert.equal(canChange(message, momentOf(0, BLOCKED)), false);
    assert.equal(canChange(message, momentOf(0, { blocked: new Set(['C2']) })), true);
  });

  describe('any group at any moment', () => {
    const DAY = 24 * HOUR;
    const time = fc.oneof(fc.nat(MINUTE), fc.nat(2 * HOUR), fc.nat(2 * DAY));
    const status = fc.constantFrom<Row['status']>('live', 'quiet', 'silenced', 'moved');
    const rate = fc
      .array(fc.tuple(fc.nat(3 * MINUTE), fc.integer({ min: 1, max: 200 })), { maxLength: 5 })
      .map((adds) => {
        const made = new Rate();
        let at = 0;
        for (const [wait, records] of adds) {
          at += wait;
          made.add(at, records);
        }
        return made;
      });
    const counts = fc
      .tuple(fc.nat(2_000), fc.nat(2_000), fc.nat(2_000))
      .map(([row, shown, count]) => ({ row, shown: row + shown, count: row + shown + count }));
    const anyMessage = fc.record({
      kind: fc.constantFrom<PostedMessage['kind']>('single', 'several', 'digest'),
      place: fc.constantFrom(PLACE, 'C2'),
      ref: fc.constantFrom(undefined, { channel: PLACE, ts: '1.1' }),
      isFrozen: fc.boolean(),
      changedAtMillis: time,
      repliedAtMillis: fc.oneof(time, fc.constant(Number.NEGATIVE_INFINITY)),
    });
    const anyGroup = fc
      .record({
        kind: fc.constantFrom<Group['kind']>('problem', 'rest', 'loss'),
        severityNumber: fc.nat(24),
        counts,
        isSaid: fc.boolean(),
        message: anyMessage,
        status,
        firstPostedAtMillis: time,
        saidForMillis: time,
        lastCameAtMillis: time,
        silencedUntilAtMillis: fc.oneof(time, fc.constant(Number.NEGATIVE_INFINITY)),
        isNews: fc.boolean(),
        replies: fc.nat(6),
        isBefore: fc.boolean(),
        rate,
      })
      .map((each): Group => {
        const { kind, severityNumber, isSaid, firstPostedAtMillis, lastCameAtMillis, silencedUntilAtMillis } = each;
        const group = groupOf({ severityNumber }, { kind, rate: each.rate, lastCameAtMillis, silencedUntilAtMillis });
        const before = { count: 1, lastSeenMillis: 0, ended: 'quiet', silenced: 0 } as const;
        const known = { ...group, ...(each.isBefore && { before }), count: each.counts.count };
        if (!isSaid) return { ...known, shown: 0 };
        const said = {
          ...known,
          shown: each.counts.shown,
          postCount: 1,
          firstPostedAtMillis,
          lastPostedAtMillis: firstPostedAtMillis + each.saidForMillis,
          replies: each.replies,
          ...(each.isNews && { news: group.sample }),
        };
        const row = rowFor(said, { count: each.counts.row, status: each.status });
        return { ...said, message: messageOf([row], each.message) };
      });
    const anyMoment = fc.record({
      nowMillis: time,
      quietHoursMillis: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: DAY })),
      isClosing: fc.boolean(),
      blocked: fc.constantFrom<ReadonlySet<string>>(new Set(), new Set([PLACE])),
    });

    /** The moment after some time: the remaining quiet hours get shorter. */
    const later = (moment: Moment, nowMillis: number): Moment => ({
      ...moment,
      nowMillis,
      quietHoursMillis: Math.max(0, moment.quietHoursMillis - (nowMillis - moment.nowMillis)),
    });

    it('gets the same decision each time, and is not changed', () => {
      fc.assert(
        fc.property(anyGroup, anyMoment, (group, moment) => {
          const copy = structuredClone({ ...group, rate: undefined });
          const decision = decide(group, POLICY, moment);
          assert.deepEqual(decide(group, POLICY, moment), decision);
          assert.deepEqual(structuredClone({ ...group, rate: undefined }), copy);
        }),
        { numRuns: 1_000 },
      );
    });

    it('is held only until a future time, at which the decision changes', () => {
      fc.assert(
        fc.property(anyGroup, anyMoment, fc.nat(DAY), (group, moment, lateMillis) => {
          const decision = decide(group, POLICY, moment);
          if (decision.act !== 'hold') return;
          const { untilAtMillis } = decision;
          assert.ok(Number.isFinite(untilAtMillis) && untilAtMillis > moment.nowMillis, `until ${untilAtMillis}`);
          for (const atMillis of [untilAtMillis, untilAtMillis + lateMillis]) {
            assert.notDeepEqual(decide(group, POLICY, later(moment, atMillis)), decision);
          }
        }),
        { numRuns: 2_000 },
      );
    });

    it('is never forgotten while records are pending, and always at some time when none are', () => {
      fc.assert(
        fc.property(anyGroup, anyMoment, (group, moment) => {
          const decision = decide(group, POLICY, moment);
          const isUnsaid = group.count > group.shown;
          if (isUnsaid) assert.notEqual(decision.act, 'forget');
          if (decision.act === 'forget') assert.ok(moment.nowMillis - group.lastCameAtMillis >= DAY);
          const settled = { ...group, count: group.shown, news: undefined, message: undefined, rate: new Rate() };
          if (group.postCount === 0) return;
          assert.deepEqual(decide(settled, POLICY, later(moment, 5 * DAY)), { act: 'forget' });
        }),
        { numRuns: 1_000 },
      );
    });

    it('is updated only where Slack allows it, and posted in quiet hours only when it is FATAL', () => {
      fc.assert(
        fc.property(anyGroup, anyMoment, (group, moment) => {
          const { act } = decide(group, POLICY, moment);
          const isChangeable = canChange(group.message, moment);
          if (act === 'update' || act === 'reply') assert.ok(isChangeable);
          if (act === 'remind') assert.ok(!isChangeable && group.postCount > 0);
          const isLoud = act === 'post' || act === 'remind' || act === 'reply';
          const isCalm = moment.quietHoursMillis > 0 && !moment.isClosing && group.sample.severityNumber < FATAL;
          if (isLoud) assert.ok(!isCalm, act);
          if (group.silencedUntilAtMillis > moment.nowMillis) assert.equal(act, 'hold');
        }),
        { numRuns: 1_000 },
      );
    });

    it('has all records reported in the end', () => {
      fc.assert(
        fc.property(anyGroup, anyMoment, (group, moment) => {
          let now: Moment = { ...moment, blocked: new Set() };
          let one = group;
          for (let step = 0; step < 30; step++) {
            const decision = decide(one, POLICY, now);
            if (decision.act === 'forget') break;
            if (decision.act === 'hold') now = later(now, decision.untilAtMillis);
            else one = told(one, decision, now.nowMillis);
          }
          assert.equal(one.shown, one.count);
        }),
        { numRuns: 1_000 },
      );
    });

    /** Applies a decision as the outbox does. */
    function told(group: Group, { act }: Decision, nowMillis: number): Group {
      const { message } = group;
      if (act === 'reply') {
        const rate = new Rate();
        return {
          ...group,
          rate,
          variant: undefined,
          message: { ...(message as PostedMessage), repliedAtMillis: nowMillis },
        };
      }
      const isNew = act !== 'update';
      const rows = [rowFor(group, { status: statusOf(group, POLICY, nowMillis) })];
      return {
        ...group,
        rate: isNew ? new Rate() : group.rate,
        shown: group.count,
        postCount: group.postCount + (isNew ? 1 : 0),
        firstPostedAtMillis: group.postCount === 0 ? nowMillis : group.firstPostedAtMillis,
        lastPostedAtMillis: isNew ? nowMillis : group.lastPostedAtMillis,
        message: messageOf(rows, {
          ...message,
          rows: new Map(rows.map((row) => [row.fingerprint, row])),
          changedAtMillis: nowMillis,
        }),
      };
    }
  });
});
