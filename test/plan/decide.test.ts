import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Group, PostedMessage, Row } from '../../src/groups/group.js';
import { canChange, hasEnded, type Moment, POLICY, statusOf } from '../../src/groups/lifecycle.js';
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
const PARKED: Partial<Moment> = { blocked: new Set([PLACE]) };

const decided = (group: Group, nowMillis: number, moment: Partial<Moment> = {}): Decision =>
  decide(group, POLICY, momentOf(nowMillis, moment));
const held = (reason: string, untilAtMillis: number) => ({ act: 'hold', reason, untilAtMillis });

/** Of which a webhook was told: nothing of that can be changed. */
const webhookGroup = (changes: Partial<Group> = {}): Group => saidGroup(changes, { ref: undefined });
/** A row of a digest. */
const digestGroup = (changes: Partial<Group> = {}): Group => saidGroup(changes, { kind: 'digest' });
const fatal = (group: Group): Group => ({ ...group, sample: sampleOf({ severityNumber: FATAL }) });
/** The message says already how it stands with the group. */
const saidTo = (group: Group, status: Row['status'], message: Partial<PostedMessage> = {}): Group => ({
  ...group,
  message: messageOf([rowFor(group, { status: status })], message),
});

/** What is wanted of a group at a moment. */
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
  describe('what nobody was told of', () => {
    const previousEpisode = { count: 3, lastSeenMillis: 0, ended: 'quiet', silenced: 0 } as const;
    table({
      'is posted at once': { group: groupOf(), at: 0, is: { act: 'post', reason: 'new' } },
      'is posted however long it could not be': { group: groupOf(), at: 50 * HOUR, is: { act: 'post', reason: 'new' } },
      'is posted as come back when it was known before': {
        group: groupOf({}, { previousEpisode }),
        at: 0,
        is: { act: 'post', reason: 'regressed' },
      },
      'is held in quiet hours': { group: groupOf(), at: 5, moment: QUIET_HOURS, is: held('quiet hours', 7 * HOUR + 5) },
      'is held in quiet hours when it comes back, too': {
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
      'is posted at the end, quiet hours or not': {
        group: groupOf({ severityNumber: WARN }),
        at: 5,
        moment: { ...QUIET_HOURS, ...CLOSING },
        is: { act: 'post', reason: 'new' },
      },
      'is not posted when there is none': {
        group: groupOf({}, { count: 0 }),
        at: 0,
        is: held('nothing new', 24 * HOUR),
      },
      'is posted when what is lost is all there is to say': {
        group: groupOf({}, { kind: 'loss' }),
        at: 0,
        is: { act: 'post', reason: 'new' },
      },
    });
  });

  describe('a message that can be changed', () => {
    table({
      'is updated ten seconds after it was posted': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 10 * SECOND,
        is: { act: 'update', reason: 'changed' },
      },
      'is not updated before': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 10 * SECOND - 1,
        is: held('said just now', 10 * SECOND),
      },
      'is not updated within ten seconds after the last update': {
        group: saidGroup({ count: 2, shown: 1 }, { changedAtMillis: MINUTE }),
        at: MINUTE + 9 * SECOND,
        is: held('said just now', MINUTE + 10 * SECOND),
      },
      'is updated in quiet hours: that wakes nobody': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 10 * SECOND,
        moment: QUIET_HOURS,
        is: { act: 'update', reason: 'changed' },
      },
      'is left alone while nothing comes, until it is time to say that it is quiet': {
        group: saidGroup(),
        at: MINUTE,
        is: held('nothing new', 30 * MINUTE),
      },
      'says after 30 minutes without any that it is quiet': {
        group: saidGroup(),
        at: 30 * MINUTE,
        is: { act: 'update', reason: 'quiet' },
      },
      'does not say so before': { group: saidGroup(), at: 30 * MINUTE - 1, is: held('nothing new', 30 * MINUTE) },
      'says so once': {
        group: saidTo(saidGroup(), 'quiet'),
        at: 31 * MINUTE,
        is: held('nothing new', 24 * HOUR),
      },
      'is updated when it goes on though it was said to be quiet': {
        group: saidTo(saidGroup({ lastCameAtMillis: 31 * MINUTE }), 'quiet'),
        at: 31 * MINUTE,
        is: { act: 'update', reason: 'changed' },
      },
      'says that it is silenced also when the time is over, until it comes back': {
        group: saidTo(saidGroup({ lastCameAtMillis: HOUR, silencedUntilAtMillis: HOUR }), 'silenced'),
        at: HOUR,
        is: held('nothing new', HOUR + 30 * MINUTE),
      },
      'is updated when it shows nothing of the group': {
        group: { ...saidGroup(), message: messageOf([]) },
        at: MINUTE,
        is: { act: 'update', reason: 'changed' },
      },
      'says at the end what came last, however short ago it was changed': {
        group: saidGroup({ count: 2, shown: 1 }),
        at: 1,
        moment: CLOSING,
        is: { act: 'update', reason: 'closing' },
      },
      'is not touched at the end when it says everything': {
        group: saidGroup(),
        at: 1,
        moment: CLOSING,
        is: held('nothing new', 30 * MINUTE),
      },
    });
  });

  describe('what cannot be changed', () => {
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
      it(`was said ${saidMinutes} minutes after the first time: what goes on is said again after ${dueMinutes}, not before`, () => {
        const due = dueMinutes * MINUTE;
        assert.deepEqual(decided(group, due - 1), held('said just now', due));
        assert.deepEqual(decided(group, due), { act: 'remind', reason: 'scheduled' });
      });
    }

    it('keeps to the schedule though a message was late', () => {
      const group = webhookGroup({ ...more, lastPostedAtMillis: 3 * MINUTE, lastCameAtMillis: 4 * MINUTE });
      assert.deepEqual(decided(group, 4 * MINUTE), held('said just now', 5 * MINUTE));
      const hourly = { ...group, lastPostedAtMillis: 185 * MINUTE, lastCameAtMillis: 230 * MINUTE };
      assert.deepEqual(decided(hourly, 231 * MINUTE), held('said just now', 240 * MINUTE));
    });

    table({
      'is said at once when the count gets another digit': {
        group: webhookGroup({ count: 10, shown: 9 }),
        at: 1,
        is: { act: 'remind', reason: 'tenfold' },
      },
      'is not said for a count of as many digits': {
        group: webhookGroup({ count: 99, shown: 10 }),
        at: 1,
        is: held('said just now', MINUTE),
      },
      'is said once for many digits': {
        group: webhookGroup({ count: 100_000, shown: 9 }),
        at: 1,
        is: { act: 'remind', reason: 'tenfold' },
      },
      'is not said when nothing came': {
        group: webhookGroup({ count: 5 }),
        at: HOUR,
        is: held('nothing new', 24 * HOUR),
      },
      'is said when it gets quiet and not all was told': {
        group: webhookGroup({ ...more, lastPostedAtMillis: 60 * MINUTE, lastCameAtMillis: 70 * MINUTE }),
        at: 100 * MINUTE,
        is: { act: 'remind', reason: 'quiet' },
      },
      'waits for that and no longer': {
        group: webhookGroup({ ...more, lastPostedAtMillis: 60 * MINUTE, lastCameAtMillis: 70 * MINUTE }),
        at: 71 * MINUTE,
        is: held('said just now', 100 * MINUTE),
      },
      'is held in quiet hours': {
        group: webhookGroup(more),
        at: MINUTE,
        moment: QUIET_HOURS,
        is: held('quiet hours', 7 * HOUR + MINUTE),
      },
      'is held in quiet hours however many there are': {
        group: webhookGroup({ count: 10, shown: 9 }),
        at: MINUTE,
        moment: QUIET_HOURS,
        is: held('quiet hours', 7 * HOUR + MINUTE),
      },
      'is said in quiet hours when it is FATAL': {
        group: fatal(webhookGroup(more)),
        at: MINUTE,
        moment: QUIET_HOURS,
        is: { act: 'remind', reason: 'scheduled' },
      },
      'is said at the end': {
        group: webhookGroup(more),
        at: 1,
        moment: { ...CLOSING, ...QUIET_HOURS },
        is: { act: 'remind', reason: 'closing' },
      },
      'is not said again at the end when all was told': {
        group: webhookGroup(),
        at: 1,
        moment: CLOSING,
        is: held('nothing new', 24 * HOUR),
      },
      'is a message that Slack froze, too': {
        group: saidGroup(more, { isFrozen: true }),
        at: MINUTE,
        is: { act: 'remind', reason: 'scheduled' },
      },
      'is one in a place that a person must mend, too': {
        group: saidGroup(more),
        at: MINUTE,
        moment: PARKED,
        is: { act: 'remind', reason: 'scheduled' },
      },
      'is not one in another place': {
        group: saidGroup(more, { endpoint: 'C2' }),
        at: MINUTE,
        moment: PARKED,
        is: { act: 'update', reason: 'changed' },
      },
    });
  });

  describe('what became ten times worse', () => {
    const grown = { count: 42, shown: 2, rate: rateOf(1, 1, 40), lastCameAtMillis: 2 * MINUTE };
    const at = 2 * MINUTE;
    table({
      'is told in the thread of a message of its own': {
        group: saidGroup(grown, { changedAtMillis: at }),
        at,
        is: { act: 'reply', reason: 'escalated' },
      },
      'gets a message of its own when it is a row of a digest': {
        group: digestGroup(grown),
        at,
        is: { act: 'post', reason: 'escalated' },
      },
      'gets a message of its own when it is one of several': {
        group: saidGroup(grown, { kind: 'several' }),
        at,
        is: { act: 'post', reason: 'escalated' },
      },
      'is said again where nothing can be changed': {
        group: webhookGroup(grown),
        at,
        is: { act: 'remind', reason: 'escalated' },
      },
      'is said again when the message is frozen': {
        group: saidGroup(grown, { isFrozen: true }),
        at,
        is: { act: 'remind', reason: 'escalated' },
      },
      'is said again when the message stands in a parked place': {
        group: digestGroup(grown),
        at,
        moment: PARKED,
        is: { act: 'remind', reason: 'escalated' },
      },
      'is told though five replies were given': {
        group: saidGroup({ ...grown, replies: 5 }, { repliedAtMillis: at - MINUTE }),
        at,
        is: { act: 'reply', reason: 'escalated' },
      },
      'is not told within a minute after the last reply': {
        group: saidGroup(grown, { repliedAtMillis: at - MINUTE + 1 }),
        at,
        is: { act: 'update', reason: 'changed' },
      },
      'wakes nobody in quiet hours': {
        group: saidGroup(grown),
        at,
        moment: QUIET_HOURS,
        is: { act: 'update', reason: 'changed' },
      },
      'is told in quiet hours when it is FATAL': {
        group: fatal(saidGroup(grown)),
        at,
        moment: QUIET_HOURS,
        is: { act: 'reply', reason: 'escalated' },
      },
      'is new when nobody was told of it yet': {
        group: groupOf({}, { rate: grown.rate, count: 42 }),
        at,
        is: { act: 'post', reason: 'new' },
      },
      'is no news when it is records that were lost': {
        group: { ...saidGroup(grown), kind: 'loss' },
        at,
        is: { act: 'update', reason: 'changed' },
      },
      'is told as any other at the end': {
        group: saidGroup(grown),
        at,
        moment: CLOSING,
        is: { act: 'update', reason: 'closing' },
      },
    });
  });

  describe('a record unlike the others', () => {
    const news = sampleOf({ body: 'another one' });
    const at = 2 * MINUTE;
    table({
      'is told in the thread': { group: saidGroup({ variant: news }), at, is: { act: 'reply', reason: 'variant' } },
      'is told while the message may not be updated': {
        group: saidGroup({ variant: news, count: 2, shown: 1 }, { changedAtMillis: at }),
        at,
        is: { act: 'reply', reason: 'variant' },
      },
      'waits for the update of the message': {
        group: saidGroup({ variant: news, count: 2, shown: 1 }),
        at,
        is: { act: 'update', reason: 'changed' },
      },
      'is told a minute after the last reply': {
        group: saidGroup({ variant: news }, { repliedAtMillis: at - MINUTE }),
        at,
        is: { act: 'reply', reason: 'variant' },
      },
      'is the fifth reply': {
        group: saidGroup({ variant: news, replies: 4 }),
        at,
        is: { act: 'reply', reason: 'variant' },
      },
      'is not told after five replies': {
        group: saidGroup({ variant: news, replies: 5 }),
        at,
        is: held('nothing new', 30 * MINUTE),
      },
      'is not told where there is no thread': {
        group: webhookGroup({ variant: news }),
        at,
        is: held('nothing new', 24 * HOUR),
      },
      'is not told in quiet hours': {
        group: saidGroup({ variant: news }),
        at,
        moment: QUIET_HOURS,
        is: held('quiet hours', at + 7 * HOUR),
      },
      'is not told at the end': {
        group: saidGroup({ variant: news }),
        at,
        moment: CLOSING,
        is: held('nothing new', 30 * MINUTE),
      },
    });

    it('is not told within a minute after the last reply', () => {
      const group = saidGroup({ variant: news }, { repliedAtMillis: at - MINUTE + 1 });
      assert.equal(decided(group, at).act, 'hold');
    });

    it('is told as soon as the minute after the last reply is over', () => {
      const group = saidGroup({ variant: news }, { repliedAtMillis: at - MINUTE + 1 });
      assert.deepEqual(decided(group, at), held('said just now', at + 1));
      const changed = saidGroup(
        { variant: news, count: 2, shown: 1 },
        { repliedAtMillis: 0, changedAtMillis: 55 * SECOND },
      );
      assert.deepEqual(decided(changed, 56 * SECOND), held('said just now', MINUTE));
    });
  });

  describe('what somebody silenced', () => {
    const silenced = { silencedUntilAtMillis: 24 * HOUR };
    const is = held('silenced', 24 * HOUR);
    table({
      'is not said, whatever comes': { group: saidGroup({ ...silenced, count: 99, shown: 1 }), at: HOUR, is },
      'is not said where nothing can be changed': {
        group: webhookGroup({ ...silenced, count: 99, shown: 1 }),
        at: HOUR,
        is,
      },
      'is not said though it is new': { group: groupOf({}, silenced), at: HOUR, is },
      'is not said though it is FATAL and grows': {
        group: fatal(saidGroup({ ...silenced, rate: rateOf(1, 1, 99) })),
        at: 2 * MINUTE,
        is,
      },
      'is not said at the end': { group: saidGroup({ ...silenced, count: 2 }), at: HOUR, moment: CLOSING, is },
      'is said again when the time is over': {
        group: webhookGroup({ ...silenced, count: 5, shown: 1 }),
        at: 24 * HOUR,
        is: { act: 'remind', reason: 'quiet' },
      },
    });
  });

  describe('what was not heard of for a day', () => {
    const quiet = saidTo(saidGroup(), 'quiet');
    table({
      'is forgotten': { group: quiet, at: 24 * HOUR, is: { act: 'forget' } },
      'is not forgotten before': { group: quiet, at: 24 * HOUR - 1, is: held('nothing new', 24 * HOUR) },
      'is forgotten counting from the last record': {
        group: { ...quiet, lastCameAtMillis: HOUR },
        at: 24 * HOUR,
        is: held('nothing new', 25 * HOUR),
      },
      'is forgotten where nothing can be changed': { group: webhookGroup(), at: 24 * HOUR, is: { act: 'forget' } },
      'is forgotten at the end, too': { group: webhookGroup(), at: 24 * HOUR, moment: CLOSING, is: { act: 'forget' } },
      'is said to be quiet first': { group: saidGroup(), at: 24 * HOUR, is: { act: 'update', reason: 'quiet' } },
      'is told first when something of it was not': {
        group: webhookGroup({ count: 2, shown: 1 }),
        at: 24 * HOUR,
        is: { act: 'remind', reason: 'quiet' },
      },
    });
  });

  it('goes by the policy that it is given', () => {
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
    assert.deepEqual(at(webhookGroup({ ...more, lastPostedAtMillis: 2 }), 3), held('said just now', 10));
    assert.deepEqual(at(saidGroup(), 100), { act: 'update', reason: 'quiet' });
    assert.deepEqual(at(webhookGroup(), 200), { act: 'forget' });
    assert.equal(at(saidGroup({ variant: sampleOf() }, { repliedAtMillis: 0 }), 5).act, 'reply');
    assert.equal(at(saidGroup({ variant: sampleOf(), replies: 1 }), 5).act, 'hold');
  });

  describe('whether a problem is over', () => {
    const over = (group: Group, nowMillis = 30 * MINUTE): boolean => hasEnded(group, POLICY, nowMillis);

    it('takes half an hour without any, and that everything was said', () => {
      assert.equal(over(webhookGroup()), true);
      assert.equal(over(webhookGroup(), 30 * MINUTE - 1), false);
      assert.equal(over(webhookGroup({ count: 2, shown: 1 })), false);
      assert.equal(over(groupOf()), false);
      assert.equal(over(groupOf({}, { shown: 1 })), false, 'nobody was told of it');
    });

    it('does not wait for the message to say so: Slack may be down', () => {
      assert.equal(over(saidGroup()), true);
      assert.equal(over(saidTo(saidGroup(), 'quiet')), true);
      assert.equal(over(saidGroup({}, { isFrozen: true })), true);
    });
  });

  it('knows in a word how it stands', () => {
    const status = (group: Group, nowMillis: number) => statusOf(group, POLICY, nowMillis);
    assert.equal(status(groupOf(), 30 * MINUTE - 1), 'live');
    assert.equal(status(groupOf(), 30 * MINUTE), 'quiet');
    assert.equal(status(groupOf({}, { silencedUntilAtMillis: HOUR }), 59 * MINUTE), 'silenced');
    assert.equal(status(groupOf({}, { silencedUntilAtMillis: HOUR }), HOUR), 'silenced');
  });

  it('knows which messages can be changed', () => {
    const message = messageOf([]);
    assert.equal(canChange(message, momentOf(0)), true);
    assert.equal(canChange(undefined, momentOf(0)), false);
    assert.equal(canChange({ ...message, ref: undefined }, momentOf(0)), false);
    assert.equal(canChange({ ...message, isFrozen: true }, momentOf(0)), false);
    assert.equal(canChange(message, momentOf(0, PARKED)), false);
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

    /** Nothing else changes: the quiet hours go by as time does. */
    const later = (moment: Moment, nowMillis: number): Moment => ({
      ...moment,
      nowMillis,
      quietHoursMillis: Math.max(0, moment.quietHoursMillis - (nowMillis - moment.nowMillis)),
    });

    it('is decided the same way each time, and is not touched by it', () => {
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

    it('is held only until a time to come, at which something else is decided', () => {
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

    it('is never forgotten while something of it is unsaid, and always in the end when nothing is', () => {
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

    it('is changed only where Slack lets it be, and posted in quiet hours only when it is FATAL', () => {
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

    it('has everything said in the end, one decision after the other', () => {
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

    /** As the outbox writes it down. */
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
