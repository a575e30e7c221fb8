import assert from 'node:assert/strict';
import type { Episode, Group, Row } from '../../src/groups/group.js';
import { statusMarkup } from '../../src/render/status.js';
import { groupOf, rowOfRecord } from '../support/groups.js';

const SEEN = Date.UTC(2026, 0, 1, 12);
const DATE = '<!date^1767268800^{date_short_pretty} {time}|2026-01-01 12:00:00 UTC>';
const episode = (changes: Partial<Episode>): Episode => ({
  count: 1_204,
  lastSeenMillis: SEEN,
  ended: 'quiet',
  silenced: 0,
  ...changes,
});
const status = (row: Partial<Row>, group?: Partial<Group>, reason?: 'new' | 'escalated'): readonly string[] =>
  statusMarkup(rowOfRecord({}, 5, row), group && groupOf({}, group), reason);

describe('the status', () => {
  it('is empty for a new problem', () => {
    assert.deepEqual(status({}, {}, 'new'), []);
    assert.deepEqual(status({}), []);
  });

  it('shows that a problem came back, its earlier count, and when it was last seen', () => {
    assert.deepEqual(status({}, { previousEpisode: episode({}) }), [
      `*came back* after it was quiet; 1,204 before, the last ${DATE}`,
    ]);
    assert.deepEqual(status({}, { previousEpisode: episode({ ended: 'closed', count: 3 }) }), [
      `*came back* after it was closed with ✅; 3 before, the last ${DATE}`,
    ]);
  });

  it('shows that a problem goes on after it was silenced, and the silenced count', () => {
    assert.deepEqual(status({}, { previousEpisode: episode({ ended: 'silenced', silenced: 2_000 }) }), [
      '*goes on* after it was silenced with 🔕; 2,000 meanwhile',
    ]);
  });

  it('shows in a reminder the records since the last message, and not again that the problem came back', () => {
    assert.deepEqual(status({ count: 1_240, alreadyReported: 40 }, { previousEpisode: episode({}) }), [
      '1,200 more since the last message',
    ]);
  });

  it('shows the rate when it has grown tenfold', () => {
    assert.deepEqual(status({ perMinute: 1_200, count: 50, alreadyReported: 40 }, {}, 'escalated'), [
      '*ten times as often as usual:* 1,200 a minute',
      '10 more since the last message',
    ]);
  });

  it('shows that records came before the restart', () => {
    assert.deepEqual(status({}, { recoveredAtMillis: SEEN }), [`from before the restart at ${DATE}`]);
  });

  it('shows since when a problem is quiet', () => {
    assert.deepEqual(status({ status: 'quiet', lastSeenMillis: SEEN }, {}), [`quiet since ${DATE}`]);
  });

  it('shows that a problem is silenced', () => {
    assert.deepEqual(status({ status: 'silenced' }, {}), ['silenced with 🔕 for 24 hours']);
  });

  it('shows that a problem has moved', () => {
    assert.deepEqual(status({ status: 'moved' }), ['goes on in a newer message']);
    assert.deepEqual(status({ status: 'moved', movedTo: 'c0ffee00.2' }), [
      'goes on in a newer message, id `c0ffee00.2`',
    ]);
  });
});
