import { deepEqual } from 'node:assert/strict';
import { hostname } from 'node:os';
import type { SavedNotification } from '../../src/groups/saved/notification-codec.js';
import { NotificationLog } from '../../src/pipeline/notification-log.js';
import { ownIdentity, type ProcessIdentity } from '../../src/pipeline/process-identity.js';
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
    id: 'own',
    heartbeats: async () => new Map(),
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

  describe('A7: where a pid tells nothing', () => {
    const own = ownIdentity();
    /** A process with our pid in another container of this machine. */
    const SIBLING = { ...own, pidNamespace: 'pid:[1]', spool: 'sibling' };

    async function loadWith(
      writer: ProcessIdentity & { readonly spool: string },
      heartbeat: 'recent' | 'silent' | undefined,
    ) {
      const { spool } = spoolWith(writtenBy(writer), claimOf(writer, 5));
      const log = new NotificationLog({
        ...spool,
        heartbeats: async () => new Map(heartbeat === undefined ? [] : [[writer.spool, heartbeat]]),
      } as Spool);
      const loaded = await log.load();
      return { keys: [...loaded.values()].flatMap((saved) => [...saved.keys()]), isComplete: log.isComplete };
    }

    const CONTINUED = { keys: ['print'], isComplete: true };
    const LEFT = { keys: [], isComplete: true };
    const UNDECIDED = { keys: [], isComplete: false };

    for (const { title, writer, heartbeat, expected } of [
      { title: 'a sibling with the same pid that may live', writer: SIBLING, heartbeat: 'recent', expected: UNDECIDED },
      { title: 'a sibling whose heartbeat stopped', writer: SIBLING, heartbeat: 'silent', expected: CONTINUED },
      { title: 'a sibling that has ended', writer: SIBLING, heartbeat: undefined, expected: CONTINUED },
      {
        title: 'a process with the same pid before a reboot',
        writer: { ...SIBLING, boot: 'earlier', pidNamespace: own.pidNamespace },
        heartbeat: 'silent',
        expected: CONTINUED,
      },
      {
        title: 'a machine with the same host name',
        writer: { ...SIBLING, boot: 'other' },
        heartbeat: 'recent',
        expected: UNDECIDED,
      },
      {
        title: 'a process of another host, for example of a copied volume, whose heartbeat stopped',
        writer: { ...SIBLING, host: 'elsewhere' },
        heartbeat: 'silent',
        expected: LEFT,
      },
      {
        title: 'a living process of this machine that is stopped',
        writer: { ...own, pid: process.ppid, started: undefined, spool: 'sibling' },
        heartbeat: 'silent',
        expected: LEFT,
      },
      {
        title: 'an earlier process whose pid is in use by another one now',
        writer: { ...own, pid: process.ppid, started: '1', spool: 'sibling' },
        heartbeat: 'recent',
        // Only Linux tells when a process has started.
        expected: own.started === undefined ? LEFT : CONTINUED,
      },
      {
        title: 'another thread of this process',
        writer: { ...own, spool: 'sibling' },
        heartbeat: 'recent',
        expected: own.started === undefined ? CONTINUED : LEFT,
      },
      {
        title: 'an earlier process with our pid, in this container',
        writer: { ...own, started: 'earlier', spool: 'sibling' },
        heartbeat: 'recent',
        expected: CONTINUED,
      },
    ] as const) {
      it(`A7: ${expected.keys.length > 0 ? 'continues' : 'leaves'} the message of ${title}`, async () => {
        deepEqual(await loadWith(writer, heartbeat), expected);
      });
    }

    it('A7: leaves the messages of another exporter of this process', async () => {
      const first = spoolWith();
      new NotificationLog({ ...first.spool, id: 'other exporter' } as Spool).record('dest', 'print', SAVED);
      const { writer } = first.kept.get('dest print') as {
        readonly writer: ProcessIdentity & { readonly spool: string };
      };
      deepEqual(await loadWith(writer, 'recent'), LEFT);
      deepEqual(await loadWith(writer, undefined), CONTINUED, 'it is shut down');
    });

    it('A7: continues nothing while the heartbeats cannot be read', async () => {
      const { spool } = spoolWith(writtenBy(SIBLING));
      const log = new NotificationLog({ ...spool, heartbeats: async () => undefined } as Spool);
      deepEqual([[...(await log.load())], log.isComplete], [[], false]);
    });
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
