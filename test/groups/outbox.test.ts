import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Notification } from '../../src/groups/notification.js';
import { Outbox } from '../../src/groups/outbox.js';
import { POLICY } from '../../src/groups/policy.js';
import { choose } from '../../src/plan/choose.js';
import { readRecord } from '../../src/record/read-record.js';
import type { MessageRef } from '../../src/slack/types.js';
import { type ManualClock, manualClock } from '../support/clock.js';
import { failureOf } from '../support/groups.js';
import { FATAL, record } from '../support/records.js';
import { REDACTOR } from '../support/redactor.js';

const TIME = Date.UTC(2026, 0, 1) / 1_000;
const HOUR = 3_600_000;
const REF: MessageRef = { channel: 'C0', ts: '1.1' };

function outbox(maxGroups = 100) {
  let ids = 0;
  const clock = manualClock();
  const box = new Outbox({
    clock,
    policy: POLICY,
    maxGroups,
    hasThreads: true,
    newId: () => `id${++ids}`,
    redactor: REDACTOR,
  });
  const fold = (fingerprint: string, seconds = 0, severityNumber = 17, records = 1): number =>
    box.fold(
      readRecord(record({ hrTime: [TIME + seconds, 0], body: fingerprint, severityNumber })),
      fingerprint,
      records,
    );
  return { box, clock, fold };
}

/** The next notification of the send loop, with everything pending in one message. */
function chosen(box: Outbox, clock: ManualClock): Notification {
  const { next } = choose({
    groups: box.groups.all(),
    outdated: box.messages.outdated(),
    policy: POLICY,
    moment: { nowMillis: clock.monotonic(), quietHoursMillis: 0, isClosing: false, blocked: new Set() },
    isGathered: true,
    updatesPerMinute: 20,
    endpoint: 'C0',
    readyAtMillis: (act) => (act === 'reactions' ? Number.POSITIVE_INFINITY : 0),
  });
  if (next?.act !== 'notify') throw new Error('nothing is pending');
  return next.build();
}

describe('outbox', () => {
  it('counts equal records, with the first and the last time, in any order of arrival', async () => {
    const { box, clock, fold } = outbox();
    await clock.advance(500);
    fold('a', 5);
    await clock.advance(500);
    fold('a', 1);
    fold('a', 9, 17, 3);
    const [group] = box.groups.all();
    equal(box.groups.all().length, 1);
    equal(group?.count, 5);
    deepEqual([group?.firstSeenMillis, group?.lastSeenMillis], [(TIME + 1) * 1_000, (TIME + 9) * 1_000]);
    deepEqual([group?.waitingSinceAtMillis, group?.lastCameAtMillis], [500, 1_000]);
    equal(group?.sample.message, 'a');
    equal(box.groups.pending, 5);
  });

  it('counts problems beyond maxGroups by severity and service, and continues to count known ones', () => {
    const { box, fold } = outbox(2);
    fold('a');
    fold('b');
    fold('c');
    fold('d', 0, FATAL);
    fold('c');
    fold('a');
    const [, , rest] = box.groups.all();
    equal(box.groups.all().length, 3);
    deepEqual([rest?.kind, rest?.count, rest?.sample.severityNumber], ['rest', 3, FATAL]);
    deepEqual(Object.fromEntries(rest?.breakdown?.bySeverity ?? []), { ERROR: 2, FATAL: 1 });
    deepEqual(Object.fromEntries(rest?.breakdown?.byService ?? []), { checkout: 3 });
    equal(box.groups.pending, 6);
  });

  it('counts at most twenty services by name', () => {
    const { box } = outbox(1);
    for (let at = 0; at < 50; at++) {
      const resource = { attributes: { 'service.name': `service-${at}` } };
      box.fold(readRecord(record({ resource, body: `${at}` })), `${at}`);
    }
    const { byService } = box.groups.all()[1]?.breakdown ?? {};
    ok((byService?.size ?? 99) <= 21);
    equal(
      [...(byService?.values() ?? [])].reduce((sum, count) => sum + count, 0),
      49,
    );
  });

  it('keeps records pending that came while the message was being sent', async () => {
    const { box, clock, fold } = outbox();
    fold('a', 1);
    const notification = chosen(box, clock);
    fold('a', 7);
    fold('a', 8);
    await clock.advance(2_000);
    equal(box.sent(notification, 'C0', REF), 1);
    const [group] = box.groups.all();
    deepEqual([group?.id, group?.count, group?.shown, group?.postCount], ['id1', 3, 1, 1]);
    deepEqual([group?.message?.ref, group?.message?.endpoint, group?.message?.id], [REF, 'C0', 'id1']);
    equal(box.groups.pending, 2);
  });

  it('counts what a message shows once, however often its outcome is handled', () => {
    const { box, clock, fold } = outbox();
    fold('a');
    const notification = chosen(box, clock);
    deepEqual([box.sent(notification, 'C0', REF), box.sent(notification, 'C0', REF)], [1, 0]);
    equal(box.groups.pending, 0);
  });

  it('marks the count of an unanswered request as ambiguous, until it is shown', () => {
    const { box, clock, fold } = outbox();
    fold('a');
    const notification = chosen(box, clock);
    fold('a');
    fold('b');
    box.markAmbiguous(notification);
    deepEqual(
      box.groups.all().map(({ count, ambiguous }) => [count, ambiguous]),
      [
        [2, 1],
        [1, 0],
      ],
    );
    equal(box.unconfirmed(), 1);
    box.sent(chosen(box, clock), 'C0', REF);
    equal(box.unconfirmed(), 0);
  });

  it('reduces only groups whose post failed', () => {
    const { box, clock, fold } = outbox();
    fold('a');
    const { groups } = chosen(box, clock);
    fold('b');
    box.postFailed(groups, failureOf({ event: 'refused' }));
    deepEqual(
      box.groups.all().map(({ standing }) => standing.state),
      ['plain', 'normal'],
    );
  });

  it('drops pending records, and forgets groups that were never posted', () => {
    const { box, clock, fold } = outbox();
    fold('said');
    box.sent(chosen(box, clock), 'C0', REF);
    fold('said');
    fold('new');
    fold('new');
    equal(box.drop(box.groups.all().map((group) => ({ ...group }))), 3);
    deepEqual(
      box.groups.all().map(({ fingerprint }) => fingerprint),
      ['said'],
    );
    equal(box.groups.pending, 0);
  });

  it('begins a new episode, under a new id and with a new count, when a problem comes back after it was quiet', async () => {
    const { box, clock, fold } = outbox();
    fold('a', 0, 17, 7);
    box.sent(chosen(box, clock), 'C0', undefined);
    await clock.advance(HOUR);
    fold('a', 60);
    const [group] = box.groups.all();
    deepEqual([group?.id, group?.count, group?.shown, group?.postCount], ['id2', 1, 0, 0]);
    deepEqual(group?.previousEpisode, { count: 7, lastSeenMillis: TIME * 1_000, ended: 'quiet', silenced: 0 });
    deepEqual([group?.firstSeenMillis, group?.lastSeenMillis], [(TIME + 60) * 1_000, (TIME + 60) * 1_000]);
  });

  it('stays in the same episode while records are pending', async () => {
    const { box, clock, fold } = outbox();
    fold('a');
    box.sent(chosen(box, clock), 'C0', undefined);
    fold('a');
    await clock.advance(HOUR);
    fold('a');
    deepEqual([box.groups.all()[0]?.id, box.groups.all()[0]?.count], ['id1', 3]);
  });

  it('drops pending and new records as silenced, for the time of the silence', async () => {
    const { box, clock, fold } = outbox();
    fold('a');
    box.sent(chosen(box, clock), 'C0', REF);
    fold('a', 0, 17, 4);
    const message = box.groups.all()[0]?.message;
    ok(message);
    equal(box.silence(message), 4);
    equal(box.silence(message), 0, 'a reaction silences once');
    equal(fold('a', 0, 17, 5), 5);
    equal(box.groups.pending, 0);
    await clock.advance(25 * HOUR);
    equal(fold('a', 0, 17, 2), 0);
    deepEqual(
      [box.groups.all()[0]?.count, box.groups.all()[0]?.previousEpisode?.silenced, box.groups.pending],
      [2, 9, 2],
    );
  });

  it('closes a problem: pending records, or else the next record, begin a new episode', () => {
    const { box, clock, fold } = outbox();
    fold('waits');
    fold('waits not');
    box.sent(chosen(box, clock), 'C0', REF);
    fold('waits');
    const message = box.groups.all()[0]?.message;
    ok(message);
    box.closeProblems(message);
    fold('waits not');
    deepEqual(
      box.groups.all().map(({ count, previousEpisode, postCount }) => [count, previousEpisode?.ended, postCount]),
      [
        [1, 'closed', 0],
        [1, 'closed', 0],
      ],
    );
    deepEqual(box.messages.outdated(), [message]);
    equal(box.groups.pending, 2);
  });

  it('reports since when records are pending, even if more come while each message is being sent', async () => {
    const { box, clock, fold } = outbox();
    fold('a');
    for (let at = 0; at < 5; at++) {
      const notification = chosen(box, clock);
      fold('a');
      await clock.advance(HOUR / 4);
      box.sent(notification, 'C0', undefined);
      equal(box.groups.all()[0]?.waitingSinceAtMillis, clock.monotonic());
      fold('a', 0, 17, 10 ** (at + 1));
    }
  });

  it('evicts problems of one record for new ones, the oldest first', async () => {
    const { box, clock, fold } = outbox(10);
    for (let at = 0; at < 10; at++) {
      fold(`old ${at}`);
      await clock.advance(10);
    }
    box.sent(chosen(box, clock), 'C0', REF);
    await clock.advance(HOUR / 10);
    fold('old 0');
    fold('new');
    deepEqual(
      box.groups.all().map(({ fingerprint }) => fingerprint),
      ['old 0', ...Array.from({ length: 8 }, (_, at) => `old ${at + 2}`), 'new'],
    );
  });

  it('evicts no pending and no silenced group', async () => {
    const { box, clock, fold } = outbox(1);
    fold('a');
    for (const { fingerprint } of box.groups.all()) box.groups.forget(fingerprint);
    equal(box.groups.all().length, 1, 'it waits');
    box.sent(chosen(box, clock), 'C0', REF);
    const message = box.groups.all()[0]?.message;
    ok(message);
    box.silence(message);
    fold('b');
    deepEqual(
      box.groups.all().map(({ kind }) => kind),
      ['problem', 'rest'],
    );
  });

  it('does not count lost records as pending', () => {
    const { box, clock, fold } = outbox();
    box.reportLost(7);
    fold('a');
    equal(box.groups.pending, 1);
    equal(box.unconfirmed(), 0);
    const notification = chosen(box, clock);
    equal(notification.rows.length, 2);
    equal(box.sent(notification, 'C0', REF), 1);
    deepEqual([box.groups.all()[0]?.count, box.groups.all()[0]?.shown], [7, 7]);
  });
});
