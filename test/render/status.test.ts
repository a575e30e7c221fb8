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

describe('status', () => {
  it('has nothing to say of what is new', () => {
    assert.deepEqual(status({}, {}, 'new'), []);
    assert.deepEqual(status({}), []);
  });

  it('says that it came back, how often it was there before, and when last', () => {
    assert.deepEqual(status({}, { previousEpisode: episode({}) }), [
      `*came back* after it was quiet; 1,204 before, the last ${DATE}`,
    ]);
    assert.deepEqual(status({}, { previousEpisode: episode({ ended: 'closed', count: 3 }) }), [
      `*came back* after it was closed with ✅; 3 before, the last ${DATE}`,
    ]);
  });

  it('says that it goes on after it was silenced, and how much was not told', () => {
    assert.deepEqual(status({}, { previousEpisode: episode({ ended: 'silenced', silenced: 2_000 }) }), [
      '*goes on* after it was silenced with 🔕; 2,000 meanwhile',
    ]);
  });

  it('says in a reminder what came since the last message, and not again that it came back', () => {
    assert.deepEqual(status({ count: 1_240, alreadyReported: 40 }, { previousEpisode: episode({}) }), [
      '1,200 more since the last message',
    ]);
  });

  it('says how often it happens when it is ten times as often', () => {
    assert.deepEqual(status({ perMinute: 1_200, count: 50, alreadyReported: 40 }, {}, 'escalated'), [
      '*ten times as often as usual:* 1,200 a minute',
      '10 more since the last message',
    ]);
  });

  it('says that some of it came before the restart', () => {
    assert.deepEqual(status({}, { recoveredAtMillis: SEEN }), [`from before the restart at ${DATE}`]);
  });

  it('says that it is quiet, and since when', () => {
    assert.deepEqual(status({ status: 'quiet', lastSeenMillis: SEEN }, {}), [`quiet since ${DATE}`]);
  });

  it('says that it is silenced', () => {
    assert.deepEqual(status({ status: 'silenced' }, {}), ['silenced with 🔕 for 24 hours']);
  });

  it('says that it goes on elsewhere', () => {
    assert.deepEqual(status({ status: 'moved' }), ['goes on in a newer message']);
  });
});
