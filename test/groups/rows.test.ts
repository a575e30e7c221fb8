import assert from 'node:assert/strict';
import { countedWords, messageIdOf, rowOf, wordsOf } from '../../src/groups/rows.js';
import { groupOf, MINUTE, rateOf, saidGroup, sampleOf } from '../support/groups.js';

const STACK = 'TypeError: x\n    at pay (/app/src/pay.ts:41:13)';
const ERROR_RECORD = {
  severityText: 'CRIT',
  attributes: { 'exception.type': 'TypeError', 'exception.message': 'x', 'exception.stacktrace': STACK },
};

describe('rows', () => {
  it('show the same words in every update of a message, and the current counts', () => {
    const group = groupOf(ERROR_RECORD);
    const words = wordsOf(group);
    const later = {
      ...groupOf({ body: 'something else' }),
      ...{ count: 12, id: 'id2', postCount: 3, firstSeenMillis: 1, lastSeenMillis: 9 },
      rate: rateOf(7),
    };
    assert.deepEqual(rowOf(words, later, { nowMillis: MINUTE - 1, status: 'quiet' }), {
      messageId: 'c0ffee00',
      kind: 'problem',
      severityNumber: 17,
      severityText: 'CRIT',
      what: 'TypeError: x',
      where: 'checkout (production)',
      location: 'pay (/app/src/pay.ts:41:13)',
      missing: 0,
      alreadyReported: 0,
      fingerprint: 'a',
      groupId: 'id2',
      count: 12,
      firstSeenMillis: 1,
      lastSeenMillis: 9,
      status: 'quiet',
      perMinute: 7,
    });
  });

  it('count from where an earlier message ended, and that message stays', () => {
    assert.equal(wordsOf(saidGroup({ count: 9, shown: 4 })).alreadyReported, 4);
    assert.equal(wordsOf(groupOf({}, { count: 9, shown: 4 })).alreadyReported, 0, 'nobody was told of them');
  });

  it('contain how much of a text was truncated', () => {
    const { what, missing } = wordsOf(groupOf({ body: 'x'.repeat(5_000) }));
    assert.equal(what.length + missing, 5_000);
  });

  it('that are only counted read no stack', () => {
    const { what, location } = countedWords(groupOf(ERROR_RECORD));
    assert.deepEqual([what, location], ['disk is full', undefined]);
  });

  it('of a rest group do not show its sample', () => {
    const rest = groupOf(ERROR_RECORD, { kind: 'rest', sample: sampleOf(ERROR_RECORD) });
    assert.deepEqual([wordsOf(rest).what, wordsOf(rest).location], [countedWords(rest).what, undefined]);
    assert.match(wordsOf(rest).what, /^everything else: /);
  });

  it('have a different id in each message, derived from the id of the group', () => {
    assert.equal(messageIdOf({ id: 'c0ffee00', postCount: 0 }), 'c0ffee00');
    assert.equal(messageIdOf({ id: 'c0ffee00', postCount: 1 }), 'c0ffee00.2');
    assert.equal(messageIdOf({ id: 'c0ffee00', postCount: 2 }), 'c0ffee00.3');
  });
});
