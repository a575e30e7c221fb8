import assert from 'node:assert/strict';
import { apiError } from '../src/http/reply.js';
import { INBOX_LIMITS } from '../src/model/limits.js';
import { Feed } from '../src/page/feed.js';
import { RequestLog } from '../src/state/request-log.js';
import { type Channel, Store } from '../src/state/store.js';
import { REFUSED } from '../src/ui/wire.js';
import { fakeClock } from './support.js';

function setUp() {
  const clock = fakeClock();
  const store = new Store([{ id: 'C1', name: 'one' }], clock);
  const log = new RequestLog(clock);
  const feed = new Feed(store, log);
  const [channel] = store.channels() as readonly [Channel];
  const post = (payload: object = {}) =>
    store.post({ channel, via: 'webhook', payload: { text: 'x', ...payload }, bytes: 10 });
  const refuse = () => {
    const entry = log.open('webhook');
    entry.channel = 'C1';
    log.settle(entry, apiError('invalid_blocks'));
  };
  const keys = () => feed.part({ channel: 'C1', limit: 100_000, matches: () => true }).items.map(({ key }) => key);
  return { store, log, feed, post, refuse, keys };
}

describe('inbox: feed', () => {
  it('removes and counts messages that the store dropped', () => {
    const { store, feed, post, keys } = setUp();
    const first = post();
    const reply = post({ thread_ts: first.ts });
    for (let n = 0; n < INBOX_LIMITS.messages + 3; n++) post();
    assert.deepEqual(
      [feed.dropped.messages, keys().length, store.size],
      [5, INBOX_LIMITS.messages, INBOX_LIMITS.messages],
    );
    assert.deepEqual([feed.item(`C1/${first.ts}`), feed.replies(`C1/${first.ts}`)], [undefined, []]);
    assert.equal(store.message('C1', reply.ts), undefined);
  });

  it('keeps a limited number of the newest refusals, and counts the others', () => {
    const { feed, refuse } = setUp();
    for (let n = 0; n < 2_010; n++) refuse();
    assert.deepEqual([feed.count(REFUSED), feed.count('C1'), feed.dropped.refusals], [2_000, 2_000, 10]);
  });

  it('removes a refusal when the log of requests drops it', () => {
    const { log, feed, refuse } = setUp();
    refuse();
    for (let n = 0; n < INBOX_LIMITS.requests; n++) log.open('webhook');
    assert.deepEqual([feed.count(REFUSED), feed.count('C1'), feed.dropped.refusals], [0, 0, 1]);
  });

  it('lists messages and refusals in the order of their arrival', () => {
    const { feed, post, refuse, keys } = setUp();
    post();
    refuse();
    post();
    assert.deepEqual(
      keys().map((key) => key.slice(0, 2)),
      ['C1', 'r/', 'C1'],
    );
    assert.deepEqual([feed.unread('C1'), feed.unread(REFUSED)], [3, 1]);
    feed.markSeen('C1');
    assert.deepEqual([feed.unread('C1'), feed.unread(REFUSED)], [0, 1]);
  });

  it('removes a thread with its last reply, and everything when it is cleared', () => {
    const { store, feed, post, keys } = setUp();
    const parent = post();
    const reply = post({ thread_ts: parent.ts });
    store.delete(reply);
    assert.deepEqual(feed.replies(`C1/${parent.ts}`), []);
    store.delete(parent);
    assert.deepEqual(keys(), []);
    post();
    store.clear();
    assert.deepEqual([keys(), feed.unread('C1'), feed.dropped.messages], [[], 0, 0]);
  });
});
