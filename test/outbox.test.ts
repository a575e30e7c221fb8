import assert from 'node:assert/strict';
import { type Claim, countRecords } from '../src/group.js';
import { createOutbox, type Outbox } from '../src/outbox.js';
import { readRecord } from '../src/record.js';
import { manualClock } from './support/clock.js';
import { FATAL, record } from './support/records.js';

const TIME = Date.UTC(2026, 0, 1) / 1_000;

function outbox(maxGroups = 100) {
  let ids = 0;
  const clock = manualClock();
  const box = createOutbox({ clock, maxGroups, newId: () => `id${++ids}` });
  const fold = (fingerprint: string, seconds = 0, severityNumber = 17): void =>
    box.fold(readRecord(record({ hrTime: [TIME + seconds, 0], body: fingerprint, severityNumber })), fingerprint);
  return { box, clock, fold };
}

/** As `choose` makes it. */
const claimAll = (box: Outbox): Claim => ({ groups: box.waiting().map((group) => ({ ...group })), rest: box.rest() });

describe('outbox', () => {
  it('counts equal records and knows the first and the last of them, in whatever order they come', async () => {
    const { box, clock, fold } = outbox();
    await clock.advance(500);
    fold('a', 5);
    await clock.advance(500);
    fold('a', 1);
    fold('a', 9);
    const [group] = box.waiting();
    assert.equal(box.waiting().length, 1);
    assert.equal(group?.count, 3);
    assert.deepEqual([group?.firstSeenMillis, group?.lastSeenMillis], [(TIME + 1) * 1_000, (TIME + 9) * 1_000]);
    assert.equal(group?.waitingSinceMillis, 500);
    assert.equal(group?.sample.message, 'a');
    assert.equal(box.pending(), 3);
  });

  it('counts what is beyond its bound by severity, and goes on counting what it knows', () => {
    const { box, fold } = outbox(2);
    fold('a');
    fold('b');
    fold('c');
    fold('d', 0, FATAL);
    fold('c');
    fold('a');
    assert.equal(box.waiting().length, 2);
    assert.deepEqual(
      [...box.rest().bySeverity],
      [
        ['ERROR', 2],
        ['FATAL', 1],
      ],
    );
    assert.equal(box.rest().records, 3);
    assert.equal(box.pending(), 6);
    assert.equal(countRecords(claimAll(box)), 6);
  });

  it('keeps what came while its message was under way, under a new id, not shown twice', async () => {
    const { box, clock, fold } = outbox(1);
    fold('a', 1);
    fold('x');
    const claim = claimAll(box);
    fold('a', 7);
    fold('a', 8);
    fold('x');
    await clock.advance(2_000);
    box.markUnanswered(claim);
    box.markPlainText(claim);
    assert.equal(box.settle(claim), 2);
    const [group] = box.waiting();
    assert.deepEqual([group?.id, group?.count, group?.unanswered], ['id2', 2, 0]);
    assert.equal(group?.asPlainText, true, 'what Slack refused to show once it refuses again');
    assert.deepEqual([group?.firstSeenMillis, group?.lastSeenMillis], [(TIME + 8) * 1_000, (TIME + 8) * 1_000]);
    assert.equal(group?.waitingSinceMillis, 2_000);
    assert.deepEqual([...box.rest().bySeverity], [['ERROR', 1]]);
    assert.equal(box.pending(), 3);
  });

  it('forgets what is settled', () => {
    const { box, fold } = outbox(1);
    fold('a');
    fold('b');
    assert.equal(box.settle(claimAll(box)), 2);
    assert.deepEqual([box.waiting().length, box.pending(), box.rest().bySeverity.size], [0, 0, 0]);
    fold('a');
    assert.equal(box.waiting()[0]?.id, 'id2', 'a new problem of the same kind is another message');
  });

  it('marks what stood in a request without an answer, as it stood there', () => {
    const { box, fold } = outbox();
    fold('a');
    const claim = claimAll(box);
    fold('a');
    fold('b');
    box.markUnanswered(claim);
    assert.deepEqual(
      box.waiting().map(({ count, unanswered }) => [count, unanswered]),
      [
        [2, 1],
        [1, 0],
      ],
    );
  });

  it('marks as plain text what was refused, and nothing else', () => {
    const { box, fold } = outbox();
    fold('a');
    const claim = claimAll(box);
    fold('b');
    box.markPlainText(claim);
    assert.deepEqual(
      box.waiting().map(({ asPlainText }) => asPlainText),
      [true, false],
    );
  });

  it('settles only what is still the same: a claim counts once', () => {
    const { box, fold } = outbox(1);
    fold('a');
    fold('x');
    const early = claimAll(box);
    fold('a');
    fold('x');
    const late = claimAll(box);
    assert.equal(box.settle(early), 2);
    box.markUnanswered(late);
    box.markPlainText(late);
    assert.deepEqual([box.waiting()[0]?.unanswered, box.waiting()[0]?.asPlainText], [0, false]);
    assert.equal(box.settle(late), 1, 'the group is another one now, of the rest one record is left');
    assert.equal(box.settle(late), 0);
    assert.equal(box.pending(), 1);
  });

  it('knows what has waited since before a time, what is only counted included', async () => {
    const clock = manualClock();
    const box = createOutbox({ clock, maxGroups: 1, newId: () => 'id' });
    const fold = (body: string) => box.fold(readRecord(record({ body })), body);
    fold('told apart');
    await clock.advance(10);
    fold('only counted');
    assert.deepEqual(
      [5, 15].map((millis) => countRecords(box.waitingSinceBefore(millis))),
      [1, 2],
    );
  });
});
