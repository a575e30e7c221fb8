import { deepEqual } from 'node:assert/strict';
import { hostname } from 'node:os';
import type { Said } from '../../src/groups/saved/notification-codec.js';
import { recallFrom, rememberIn } from '../../src/pipeline/notification-log.js';
import type { Remembered } from '../../src/spool/key-value-log.js';
import type { Spool } from '../../src/spool/types.js';

const SAID = {
  ...{ id: 'i', place: 'C1', messageId: 'i', ref: { channel: 'C1', ts: '1' }, count: 1, base: 0, sayings: 1 },
  ...{ firstSeenMillis: 0, lastSeenMillis: 0, firstSaidMillis: 0, lastSaidMillis: 0, isClosed: false },
} as unknown as Said;

/** No process has so high a number. */
const DEAD = { host: hostname(), pid: 2 ** 30, run: 'dead' };
const ALIVE = { host: hostname(), pid: process.ppid, run: 'alive' };

function memoryOf(...items: readonly Remembered[]) {
  const kept = new Map<string, unknown>();
  const spool = {
    remember: (key: string, value: unknown) => void kept.set(key, value),
    flush: async () => {},
    recall: async () => [...items, ...Array.from(kept, ([key, value]) => ({ key, value, writtenAtMillis: 1_000 }))],
  } as unknown as Spool;
  return { spool, kept };
}

const saidBy = (writer: unknown, writtenAtMillis = 10): Remembered => ({
  key: 'line print',
  value: { ...SAID, writer },
  writtenAtMillis,
});
const asking = (writer: unknown, writtenAtMillis: number): Remembered => ({
  key: '! other',
  value: { writer },
  writtenAtMillis,
});
const heard = async (...items: readonly Remembered[]) => {
  const said = await recallFrom(memoryOf(...items).spool);
  return [...said].flatMap(([line, its]) => [...its.keys()].map((print) => `${line} ${print}`));
};

describe('recalling what was said', () => {
  it('gives what a dead process said, by line and fingerprint', async () => {
    deepEqual(await heard(saidBy(DEAD)), ['line print']);
    deepEqual(await heard(saidBy({ ...DEAD, pid: process.pid })), ['line print'], 'the number was used before');
  });

  it('leaves out what a living process goes on with, and what another machine said', async () => {
    deepEqual(await heard(saidBy(ALIVE)), []);
    deepEqual(await heard(saidBy({ ...DEAD, host: 'elsewhere' })), []);
    deepEqual(await heard(saidBy(undefined)), []);
  });

  it('leaves out what another living process may have heard as well', async () => {
    deepEqual(await heard(saidBy(DEAD, 10), asking(ALIVE, 20)), []);
    deepEqual(await heard(saidBy(DEAD, 10), asking(DEAD, 20)), ['line print']);
    deepEqual(await heard(saidBy(DEAD, 10), asking(ALIVE, 5)), ['line print'], 'it asked before that was said');
  });

  it('says what is said by whom, and takes it back when there is nothing to go on with', () => {
    const { spool, kept } = memoryOf();
    const remember = rememberIn(spool);
    remember('line', 'a', undefined);
    remember('line', 'b', SAID);
    remember('line', 'c', SAID);
    remember('line', 'c', undefined);
    deepEqual([...kept.keys()], ['line b', 'line c']);
    deepEqual(kept.get('line c'), null);
  });
});
