import assert from 'node:assert/strict';
import type { Group, PostedMessage } from '../../src/groups/group.js';
import { Rate } from '../../src/groups/rate.js';
import { desk, HOUR, MINUTE, messageOf, planOf, rowFor, SECOND, saidGroup, sampleOf } from '../support/groups.js';
import { ERROR, FATAL, WARN } from '../support/records.js';

const NOW = 2 * MINUTE;
/** No update is possible, and every post. */
const readyAtMillis = (act: string): number => (act === 'post' ? 0 : Number.POSITIVE_INFINITY);
/** Every post and update is possible, and no reactions are read. */
const updatable = (act: string): number => (act === 'reactions' ? Number.POSITIVE_INFINITY : 0);

interface Changes extends Partial<Group> {
  readonly severityNumber?: number;
  readonly endpoint?: string;
}

/** A group in a message of its own, with sixty records a minute, the oldest of which has waited for a minute. */
function loud(fingerprint: string, { severityNumber = ERROR, endpoint, ...changes }: Changes = {}): Group {
  const rate = new Rate();
  rate.add(NOW, 60);
  const group = saidGroup({
    ...{ fingerprint, id: fingerprint, count: 60, shown: 1, rate, sample: sampleOf({ severityNumber }) },
    waitingSinceAtMillis: NOW - MINUTE,
    ...changes,
  });
  const rows = [rowFor(group, { fingerprint, count: 1 })];
  return { ...group, message: changes.message ?? messageOf(rows, { id: fingerprint, ...(endpoint && { endpoint }) }) };
}

const many = (count: number, changes: Changes = {}, prefix = 'g'): Group[] =>
  Array.from({ length: count }, (_, n) => loud(`${prefix}${n}`, changes));

/** Puts groups into a digest. */
function inDigest(groups: readonly Group[], changes: Partial<PostedMessage> = {}): Group[] {
  const message = messageOf(
    groups.map((group) => rowFor(group)),
    { kind: 'digest', id: 'digest', ...changes },
  );
  return groups.map((group) => ({ ...group, message }));
}

const fingerprints = (groups: readonly Group[] | undefined) => groups?.map(({ fingerprint }) => fingerprint).sort();
const digestOf = (groups: readonly Group[], others: Parameters<typeof planOf>[2] = {}) =>
  planOf(groups, NOW, { readyAtMillis, ...others }).notification;

describe('gathering in a digest', () => {
  it('A3: moves messages that cannot be updated in time into one digest, which mentions nobody', () => {
    const notification = digestOf(many(30));
    assert.deepEqual([notification?.act, notification?.kind, notification?.groups.length], ['post', 'digest', 30]);
    assert.deepEqual(new Set(notification?.reasons.values()), new Set(['changed']));
    assert.deepEqual(new Set(notification?.rows.map(({ alreadyReported }) => alreadyReported)), new Set([1]));
  });

  it('A3: moves nothing while all records are fresh, and nothing while the updates suffice', () => {
    assert.equal(digestOf(many(30, { waitingSinceAtMillis: NOW - 39 * SECOND })), undefined);
    assert.equal(digestOf(many(30, { waitingSinceAtMillis: NOW - 40 * SECOND }))?.kind, 'digest');
    assert.equal(digestOf(many(10)), undefined, 'fifteen updates a minute');
    assert.equal(digestOf(many(11))?.kind, 'digest');
  });

  it('A3: counts a problem with few records as few updates', () => {
    const rate = new Rate();
    rate.add(NOW - MINUTE, 1);
    assert.equal(digestOf(many(13, { rate })), undefined);
    assert.equal(digestOf(many(14, { rate }))?.kind, 'digest', 'late already, and too many for the next 40 s');
  });

  it('A3: has a digest for each severity, and begins with the nearest deadline', () => {
    const groups = [
      ...many(20),
      ...many(20, { severityNumber: WARN }, 'w'),
      ...many(20, { severityNumber: FATAL }, 'f'),
    ];
    assert.deepEqual(fingerprints(digestOf(groups)?.groups), fingerprints(groups.slice(40)));
  });

  it('A3: adds groups to a digest that has room, with an update', () => {
    const known = inDigest(many(40, {}, 'known'));
    const moving = many(25);
    const { notification } = planOf([...known, ...moving], NOW, { readyAtMillis: updatable });
    assert.equal(notification?.act, 'update');
    assert.equal(notification?.message, known[0]?.message);
    assert.equal(notification?.rows.length, 60);
    assert.equal(notification?.groups.length, 60);
  });

  it('A3: posts another digest when the first is full', () => {
    const notification = digestOf([...inDigest(many(60, {}, 'known')), ...many(25)]);
    assert.deepEqual([notification?.act, notification?.groups.length], ['post', 25]);
  });

  it('A3: leaves FATAL problems out of the digest of ERRORs, which would have to be updated more often', () => {
    const known = inDigest(many(20, {}, 'known'));
    const notification = digestOf([...known, ...many(5, { severityNumber: FATAL }, 'f')]);
    assert.deepEqual(fingerprints(notification?.groups), ['f0', 'f1', 'f2', 'f3', 'f4']);
  });

  it('A3: joins small digests, and leaves large ones as they are', () => {
    const small = Array.from({ length: 20 }, (_, n) => inDigest(many(2, {}, `d${n}-`), { id: `d${n}` })).flat();
    const large = inDigest(many(50, {}, 'l'), { id: 'large' });
    const { notification } = planOf([...small, ...large], NOW, { readyAtMillis: updatable });
    assert.deepEqual([notification?.message?.id, notification?.rows.length], ['large', 60]);
  });

  it('A3: moves nothing at the end, to a blocked endpoint, or from another endpoint', () => {
    assert.notEqual(digestOf(many(30), { moment: { isClosing: true } })?.reasons.get('g0'), 'changed');
    assert.equal(digestOf(many(30), { moment: { blocked: new Set(['C1']) } })?.reasons.get('g0') === 'changed', false);
    assert.equal(digestOf(many(30, { endpoint: 'C2' })), undefined);
  });

  it('A3: posts only FATAL problems during quiet hours', () => {
    const moment = { quietHoursMillis: HOUR };
    assert.equal(digestOf(many(30), { moment }), undefined);
    assert.equal(digestOf(many(30, { severityNumber: FATAL }), { moment })?.kind, 'digest');
  });

  it('A3: wakes the loop when the digest can be posted', () => {
    const ready = (act: string): number => (act === 'post' ? NOW + 700 : HOUR);
    const { notification, wakeAtMillis } = planOf(many(30), NOW, { readyAtMillis: ready });
    assert.deepEqual([notification, wakeAtMillis], [undefined, NOW + 700]);
  });

  it('A3: updates a few late messages one by one after an outage', () => {
    const rate = new Rate();
    const { notification } = planOf(many(5, { rate }), NOW, { readyAtMillis: updatable });
    assert.deepEqual([notification?.act, notification?.kind], ['update', 'single']);
  });

  it('A3: shows a late tenfold rate in the message while the reply waits for the channel', () => {
    const rate = new Rate();
    for (let minute = 0; minute < 2; minute++) rate.add(minute * MINUTE, 1);
    rate.add(NOW, 59);
    const plan = planOf([loud('a', { rate })], NOW, { readyAtMillis: (act) => (act === 'update' ? 0 : HOUR) });
    assert.deepEqual([plan.notification?.act, plan.notification?.reasons.get('a')], ['update', 'changed']);
  });
});

describe('a problem that moved to a digest', () => {
  /** Two problems with a message each, which then share a digest. */
  async function moved() {
    const at = desk();
    for (const name of ['a', 'b']) at.fold(name);
    at.sayAll();
    const message = at.group('a').message as PostedMessage;
    for (const name of ['a', 'b']) at.fold(name, { body: name }, 60);
    await at.clock.advance(MINUTE);
    const [digest] = at.sayAll({ updatesPerMinute: 1, readyAtMillis });
    assert.deepEqual([digest?.act, digest?.kind, digest?.rows.length], ['post', 'digest', 2]);
    return { at, message };
  }

  it('A3: is counted in the digest, and its earlier message names the digest', async () => {
    const { at, message } = await moved();
    assert.equal(at.box.groups.pending, 0);
    const updates = at.sayAll();
    const row = updates.find((update) => update.message === message)?.rows[0];
    assert.deepEqual([row?.status, row?.movedTo], ['moved', at.group('a').message?.id]);
    at.fold('a', { body: 'a' }, 5);
    await at.clock.advance(MINUTE);
    assert.equal(at.say().message, at.group('a').message);
  });

  it('A3: is still silenced or closed by a reaction to its earlier message, alone', async () => {
    const { at, message } = await moved();
    at.fold('a', { body: 'a' }, 5);
    at.fold('b', { body: 'b' }, 5);
    assert.equal(at.box.silence(message), 5);
    assert.deepEqual([at.group('a').shown, at.group('b').shown], [66, 61]);
    const other = await moved();
    other.at.box.closeProblems(other.message);
    assert.deepEqual([other.at.group('a').isClosed, other.at.group('b').isClosed], [true, false]);
  });
});

describe('the order of posts', () => {
  const fresh = (fingerprint: string, severityNumber: number, waitingSinceAtMillis: number): Group => ({
    ...loud(fingerprint, { severityNumber, waitingSinceAtMillis, postCount: 0, shown: 0 }),
    message: undefined,
  });

  it('A3: puts an ERROR before newer FATAL problems once its deadline is nearer', () => {
    const first = (errorSinceMillis: number) => {
      const groups = [fresh('error', ERROR, errorSinceMillis), fresh('fatal', FATAL, NOW)];
      return planOf(groups, NOW).notification?.rows[0]?.fingerprint;
    };
    assert.deepEqual([first(NOW - 89 * SECOND), first(NOW - 91 * SECOND)], ['fatal', 'error']);
  });

  it('A3: puts an overdue ERROR into the next digest, however many FATAL problems are new', () => {
    const fatal = Array.from({ length: 100 }, (_, n) => fresh(`f${n}`, FATAL, NOW));
    const { notification } = planOf([...fatal, fresh('error', ERROR, NOW - 91 * SECOND)], NOW);
    assert.equal(notification?.rows.length, 51);
    assert.equal(notification?.rows.at(-1)?.fingerprint, 'error');
  });

  it('A3: counts the age of a reminder from the time at which it is due', () => {
    const reminder = loud('reminder', { message: undefined, postCount: 1, waitingSinceAtMillis: 0, count: 2 });
    const { notification } = planOf([{ ...reminder, message: undefined }, fresh('fatal', FATAL, NOW)], NOW);
    assert.equal(notification?.rows[0]?.fingerprint, 'fatal');
  });
});
