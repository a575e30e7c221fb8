import assert from 'node:assert/strict';
import { choose, MOST_DIGEST_ROWS, MOST_SINGLE_MESSAGES } from '../src/choose.js';
import type { Group, Rest } from '../src/group.js';
import { createOutbox } from '../src/outbox.js';
import { readRecord } from '../src/record.js';
import { manualClock } from './support/clock.js';
import { ERROR, FATAL, record, WARN } from './support/records.js';

const NO_REST: Rest = { records: 0, bySeverity: new Map() };
const REST: Rest = { records: 7, bySeverity: new Map([['ERROR', 7]]) };

const group = (id: string, severityNumber = ERROR, waitingSinceMillis = 0): Group => {
  const box = createOutbox({ clock: manualClock(), maxGroups: 1, newId: () => id });
  box.fold(readRecord(record({ severityNumber })), id);
  return { ...(box.waiting()[0] as Group), waitingSinceMillis };
};
const groups = (count: number): Group[] =>
  Array.from({ length: count }, (_, index) => group(`g${index}`, ERROR, index));
const ids = (list: readonly Group[] | undefined) => list?.map(({ id }) => id);

describe('choose', () => {
  it('says nothing when nothing waits', () => {
    assert.equal(choose({ groups: [], rest: NO_REST, isHurried: true }), undefined);
  });

  it('takes the worst first, and among equals the one that has waited longest', () => {
    const waiting = [
      group('warn', WARN, 1),
      group('late', FATAL, 9),
      group('early', FATAL, 2),
      group('error', ERROR, 0),
    ];
    const selection = choose({ groups: waiting, rest: NO_REST, isHurried: false });
    assert.equal(selection?.kind, 'single');
    assert.deepEqual(ids(selection?.groups), ['early']);
    assert.deepEqual(ids(choose({ groups: waiting, rest: NO_REST, isHurried: true })?.named), [
      'early',
      'late',
      'error',
      'warn',
    ]);
    assert.deepEqual(ids(waiting), ['warn', 'late', 'early', 'error'], 'what waits is not put into another order');
  });

  it('gives a few groups a message each', () => {
    for (const count of [1, 2, MOST_SINGLE_MESSAGES]) {
      const selection = choose({ groups: groups(count), rest: NO_REST, isHurried: false });
      assert.deepEqual([selection?.kind, ids(selection?.groups), ids(selection?.named)], ['single', ['g0'], ['g0']]);
    }
  });

  it('collapses more than that into one message that takes them all and names the worst', () => {
    const selection = choose({ groups: groups(40), rest: NO_REST, isHurried: false });
    assert.equal(selection?.kind, 'digest');
    assert.equal(selection?.groups.length, 40);
    assert.deepEqual(ids(selection?.named), ids(groups(MOST_DIGEST_ROWS)));
    assert.equal(choose({ groups: groups(MOST_SINGLE_MESSAGES + 1), rest: NO_REST, isHurried: false })?.kind, 'digest');
  });

  it('says a few groups in one message when somebody waits for it', () => {
    const selection = choose({ groups: groups(3), rest: NO_REST, isHurried: true });
    assert.deepEqual([selection?.kind, selection?.groups.length, selection?.named.length], ['several', 3, 3]);
    assert.equal(choose({ groups: groups(1), rest: NO_REST, isHurried: true })?.kind, 'single');
    assert.equal(choose({ groups: groups(6), rest: NO_REST, isHurried: true })?.kind, 'digest');
  });

  it('says what is only counted together with what is named', () => {
    const selection = choose({ groups: groups(1), rest: REST, isHurried: false });
    assert.deepEqual([selection?.kind, selection?.rest.records, ids(selection?.named)], ['digest', 7, ['g0']]);
    assert.equal(choose({ groups: [], rest: REST, isHurried: false })?.kind, 'digest');
  });

  it('claims the counts of now, though the groups go on counting', () => {
    const waiting = { ...group('a') };
    const selection = choose({ groups: [waiting], rest: NO_REST, isHurried: false });
    waiting.count = 9;
    assert.deepEqual([selection?.groups[0]?.count, selection?.named[0]?.count], [1, 1]);
  });
});
