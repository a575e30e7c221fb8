import assert from 'node:assert/strict';
import type { MentionOccasion } from '../../src/config/options.js';
import type { Group } from '../../src/groups/group.js';
import type { Reason } from '../../src/groups/lifecycle.js';
import type { Notification } from '../../src/groups/notification.js';
import { MentionLimiter } from '../../src/plan/mention-limiter.js';
import { groupOf, HOUR, MINUTE, selectionOf } from '../support/groups.js';
import { ERROR, FATAL } from '../support/records.js';

const HERE = '<!here>';
const mentions = (...on: MentionOccasion[]): MentionLimiter => new MentionLimiter({ markup: HERE, on: new Set(on) });
const ALL: readonly MentionOccasion[] = ['new', 'regressed', 'escalated', 'fatal'];
const markupOf = (
  given: MentionLimiter,
  notification: Notification,
  nowMillis: number,
  isQuiet = false,
): string | undefined => given.for(notification, { nowMillis, isQuiet })?.markup;
/** A notification about this group for this reason. */
const because = (reason: Reason, group: Group = groupOf(), changes: Partial<Notification> = {}): Notification =>
  selectionOf([group], { reasons: new Map([[group.fingerprint, reason]]), ...changes });

describe('mentions', () => {
  it('are never sent without the option', () => {
    assert.equal(markupOf(new MentionLimiter(undefined), because('new'), 0), undefined);
    assert.equal(markupOf(mentions(), because('new'), 0), undefined);
  });

  it('are sent on the configured occasions, and on no other', () => {
    const error = groupOf();
    const fatal = groupOf({ severityNumber: FATAL });
    const cases: readonly [Reason, Group, readonly MentionOccasion[]][] = [
      ['new', error, ['new']],
      ['new', fatal, ['new', 'fatal']],
      ['regressed', error, ['regressed']],
      ['regressed', fatal, ['regressed', 'fatal']],
      ['escalated', error, ['escalated']],
      ...(['changed', 'tenfold', 'scheduled', 'quiet', 'variant', 'closing'] as const).map(
        (reason): [Reason, Group, readonly MentionOccasion[]] => [reason, fatal, []],
      ),
    ];
    for (const [reason, group, occasions] of cases) {
      for (const on of ALL) {
        const expected = occasions.includes(on) ? HERE : undefined;
        assert.equal(markupOf(mentions(on), because(reason, group), 0), expected, `${reason}, on ${on}`);
      }
    }
  });

  it('are sent in a thread, but not in an update, of which Slack notifies nobody', () => {
    assert.equal(markupOf(mentions('escalated'), because('escalated', groupOf(), { act: 'reply' }), 0), HERE);
    assert.equal(markupOf(mentions('new'), because('new', groupOf(), { act: 'update' }), 0), undefined);
  });

  it('are not sent for lost records', () => {
    assert.equal(markupOf(mentions(...ALL), because('new', groupOf({}, { kind: 'loss' })), 0), undefined);
    assert.equal(markupOf(mentions('new'), because('new', groupOf({}, { kind: 'rest' })), 0), HERE);
  });

  it('are sent for the same group once an hour', () => {
    const group = groupOf({}, { mentionedAtMillis: MINUTE });
    assert.equal(markupOf(mentions('new'), because('new', group), HOUR + MINUTE - 1), undefined);
    assert.equal(markupOf(mentions('new'), because('new', group), HOUR + MINUTE), HERE);
  });

  it('are sent when one of many groups causes one', () => {
    const [old, fresh] = [groupOf({}, { mentionedAtMillis: 0 }), groupOf({}, { fingerprint: 'b' })];
    assert.equal(markupOf(mentions('new'), selectionOf([old, fresh]), MINUTE), HERE);
    assert.equal(markupOf(mentions('new'), selectionOf([old]), MINUTE), undefined);
  });

  it('are sent at most ten times an hour, the last two only for FATAL', () => {
    const all = mentions('new');
    const next = (nowMillis: number, severityNumber = ERROR) =>
      markupOf(all, because('new', groupOf({ severityNumber })), nowMillis);
    for (let n = 0; n < 8; n++) {
      assert.equal(next(n * MINUTE), HERE);
      all.record(n * MINUTE);
    }
    assert.equal(next(8 * MINUTE), undefined);
    for (let n = 8; n < 10; n++) {
      assert.equal(next(n * MINUTE, FATAL), HERE);
      all.record(n * MINUTE);
    }
    assert.equal(next(10 * MINUTE, FATAL), undefined);
    assert.equal(next(HOUR - 1, FATAL), undefined);
    assert.equal(next(HOUR, FATAL), HERE);
    assert.equal(next(HOUR), undefined);
    assert.equal(next(HOUR + 2 * MINUTE), HERE);
  });

  it('name the groups that cause them, and not the others of the message', () => {
    const [old, fresh] = [groupOf({}, { mentionedAtMillis: 0 }), groupOf({}, { fingerprint: 'b' })];
    const given = mentions('new').for(selectionOf([old, fresh]), { nowMillis: MINUTE, isQuiet: false });
    assert.deepEqual(
      given?.groups.map(({ fingerprint }) => fingerprint),
      ['b'],
    );
  });

  it('are sent in quiet hours only for FATAL', () => {
    assert.equal(markupOf(mentions('new'), because('new'), 0, true), undefined);
    assert.equal(markupOf(mentions('new'), because('new', groupOf({ severityNumber: FATAL })), 0, true), HERE);
  });

  it('count only when they were sent', () => {
    const all = mentions('new');
    for (let n = 0; n < 99; n++) assert.equal(markupOf(all, because('new'), 0), HERE);
  });
});
