import { deepEqual } from 'node:assert/strict';
import { hostname } from 'node:os';
import type { SavedNotification } from '../../src/groups/saved/notification-codec.js';
import { NotificationLog } from '../../src/pipeline/notification-log.js';
import type { KeyValueEntry } from '../../src/spool/key-value-log.js';
import type { Spool } from '../../src/spool/types.js';

const SAVED = {
  ...{
    id: 'i',
    endpoint: 'C1',
    messageId: 'i',
    ref: { channel: 'C1', ts: '1' },
    count: 1,
    alreadyReported: 0,
    postCount: 1,
  },
  ...{ firstSeenMillis: 0, lastSeenMillis: 0, firstPostedMillis: 0, lastPostedMillis: 0, isClosed: false },
} as unknown as SavedNotification;

/** Higher than any pid. */
const DEAD = { host: hostname(), pid: 2 ** 30, run: 'dead' };
const ALIVE = { host: hostname(), pid: process.ppid, run: 'alive' };

function spoolWith(...items: readonly KeyValueEntry[]) {
  const kept = new Map<string, unknown>();
  const spool = {
    put: (key: string, value: unknown) => void kept.set(key, value),
    flush: async () => {},
    readAll: async () => [...items, ...Array.from(kept, ([key, value]) => ({ key, value, writtenAtMillis: 1_000 }))],
  } as unknown as Spool;
  return { spool, kept };
}

const writtenBy = (writer: unknown, writtenAtMillis = 10): KeyValueEntry => ({
  key: 'dest print',
  value: { ...SAVED, writer },
  writtenAtMillis,
});
const claimOf = (writer: unknown, writtenAtMillis: number): KeyValueEntry => ({
  key: '! other',
  value: { writer },
  writtenAtMillis,
});
const load = async (...items: readonly KeyValueEntry[]) => {
  const loaded = await new NotificationLog(spoolWith(...items).spool).load();
  return [...loaded].flatMap(([destination, saved]) => [...saved.keys()].map((print) => `${destination} ${print}`));
};

describe('the notification log', () => {
  it('returns the messages of dead processes, by destination and fingerprint', async () => {
    deepEqual(await load(writtenBy(DEAD)), ['dest print']);
    deepEqual(await load(writtenBy({ ...DEAD, pid: process.pid })), ['dest print'], 'the pid is in use again');
  });

  it('leaves out messages of living processes and of other hosts', async () => {
    deepEqual(await load(writtenBy(ALIVE)), []);
    deepEqual(await load(writtenBy({ ...DEAD, host: 'elsewhere' })), []);
    deepEqual(await load(writtenBy(undefined)), []);
  });

  it('leaves out messages that another living process may have claimed', async () => {
    deepEqual(await load(writtenBy(DEAD, 10), claimOf(ALIVE, 20)), []);
    deepEqual(await load(writtenBy(DEAD, 10), claimOf(DEAD, 20)), ['dest print']);
    deepEqual(await load(writtenBy(DEAD, 10), claimOf(ALIVE, 5)), ['dest print'], 'the claim is older than the entry');
  });

  it('records a message with its writer, and deletes it when there is nothing to continue', () => {
    const { spool, kept } = spoolWith();
    const log = new NotificationLog(spool);
    log.record('dest', 'a', undefined);
    log.record('dest', 'b', SAVED);
    log.record('dest', 'c', SAVED);
    log.record('dest', 'c', undefined);
    deepEqual([...kept.keys()], ['dest b', 'dest c']);
    deepEqual(kept.get('dest c'), null);
  });
});
