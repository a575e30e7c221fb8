import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { NameLookup } from '../../../src/slack/http/name-lookup.js';
import { manualClock } from '../../support/clock.js';

const ADDRESS: LookupAddress = { address: '192.0.2.7', family: 4 };
const OTHER: LookupAddress = { address: '2001:db8::7', family: 6 };

describe('the name lookup of the process', () => {
  /** A system and name servers that answer only when the test says so. */
  function setup({ isQuick = true, found = [ADDRESS] }: { isQuick?: boolean; found?: readonly LookupAddress[] } = {}) {
    const clock = manualClock();
    const servers = { isQuick, found };
    const asked: { readonly host: string; readonly answer: (result: readonly LookupAddress[] | Error) => void }[] = [];
    const counts = { probes: 0 };
    const names = new NameLookup({
      clock,
      isLocalName: async (host) => host === 'localhost',
      async probe() {
        counts.probes++;
        return { isQuick: servers.isQuick, addresses: servers.found };
      },
      lookup: (host) =>
        new Promise((resolve, reject) => {
          asked.push({ host, answer: (result) => (result instanceof Error ? reject(result) : resolve([...result])) });
        }),
    });
    return { clock, names, asked, servers, counts };
  }

  it('A6: six destinations at one host share one lookup, and use its addresses for a minute', async () => {
    const { clock, names, asked } = setup();
    const all = Array.from({ length: 6 }, () => names.resolve('slack.test'));
    await clock.advance(0);
    equal(asked.length, 1);
    asked[0]?.answer([ADDRESS]);
    deepEqual(await Promise.all(all), Array(6).fill([ADDRESS]));
    await clock.advance(59_000);
    deepEqual(await names.resolve('slack.test'), [ADDRESS]);
    equal(asked.length, 1);
    await clock.advance(2_000);
    void names.resolve('slack.test');
    await clock.advance(0);
    equal(asked.length, 2);
  });

  it('A6: six hosts are looked up one after the other', async () => {
    const { clock, names, asked } = setup();
    const all = Array.from({ length: 6 }, (_, at) => names.resolve(`${at}.test`));
    for (let at = 0; at < 6; at++) {
      await clock.advance(10);
      equal(asked.length, at + 1);
      asked[at]?.answer([ADDRESS]);
    }
    equal((await Promise.all(all)).length, 6);
  });

  it('A6: a lookup that hangs keeps its only slot, and no other one starts before it has answered', async () => {
    const { clock, names, asked } = setup({ found: [] });
    const hanging = rejects(names.resolve('a.test'), { code: 'EAI_AGAIN' });
    await clock.advance(2_000);
    await hanging;
    const refused = [0, 1, 2, 3].map((at) => rejects(names.resolve(`${at}.test`), { code: 'EAI_AGAIN' }));
    await clock.advance(60_000);
    await Promise.all(refused);
    equal(asked.length, 1);
    asked[0]?.answer([]);
    void names.resolve('b.test');
    await clock.advance(0);
    equal(asked.length, 2);
  });

  it('A6: a lookup that never ends is given up after ten minutes', async () => {
    const { clock, names, asked } = setup();
    void names.resolve('a.test');
    await clock.advance(10 * 60_000);
    void names.resolve('b.test');
    await clock.advance(0);
    equal(asked.length, 2);
  });

  it('A6: while the name servers are silent, the system is asked after 20 s and then every 5 minutes, and no more', async () => {
    const { clock, names, asked } = setup({ isQuick: false, found: [] });
    for (let second = 0; second < 19; second++) {
      await rejects(names.resolve('a.test'), { code: 'EAI_AGAIN' });
      await clock.advance(1_000);
    }
    equal(asked.length, 0);
    for (let second = 0; second < 900; second++) {
      names.resolve('a.test').catch(() => {});
      await clock.advance(1_000);
      for (const { answer } of asked) answer(Object.assign(new Error(), { code: 'EAI_AGAIN' }));
    }
    equal(asked.length, 3);
  });

  it('A6: a system with other sources than its name servers is asked directly from then on', async () => {
    const { clock, names, asked, counts } = setup({ isQuick: false, found: [] });
    await rejects(names.resolve('a.test'));
    await clock.advance(20_000);
    const found = names.resolve('a.test');
    await clock.advance(0);
    asked[0]?.answer([ADDRESS]);
    deepEqual(await found, [ADDRESS]);
    const { probes } = counts;
    void names.resolve('b.test');
    await clock.advance(0);
    deepEqual([asked.length, counts.probes], [2, probes]);
  });

  it('A6: the last good addresses are used when the name servers become silent, after a second', async () => {
    const { clock, names, asked, servers } = setup();
    names.remember('a.test', [ADDRESS]);
    await clock.advance(3_600_000);
    Object.assign(servers, { isQuick: true, found: [] });
    const found = names.resolve('a.test');
    await clock.advance(1_000);
    deepEqual(await found, [ADDRESS]);
    equal(asked.length, 1);
    names.doubt('a.test');
    const again = names.resolve('a.test');
    await clock.advance(1_000);
    deepEqual(await again, [ADDRESS]);
  });

  it('A6: the addresses of a slow name server are used without the system', async () => {
    const { names, asked } = setup({ isQuick: false, found: [ADDRESS, OTHER] });
    deepEqual(await names.resolve('a.test'), [ADDRESS, OTHER]);
    equal(asked.length, 0);
  });

  it('A6: a connection that failed causes a lookup, although the addresses are fresh', async () => {
    const { clock, names, asked } = setup();
    names.remember('a.test', [ADDRESS]);
    names.doubt('a.test');
    const found = names.resolve('a.test');
    await clock.advance(0);
    asked[0]?.answer([OTHER]);
    await clock.advance(0);
    deepEqual(await found, [OTHER]);
  });

  it('A6: a name of the hosts file needs no name server', async () => {
    const { clock, names, asked, counts } = setup({ isQuick: false, found: [] });
    const found = names.resolve('localhost');
    await clock.advance(0);
    asked[0]?.answer([ADDRESS]);
    deepEqual(await found, [ADDRESS]);
    equal(counts.probes, 0);
  });

  it('answers as dns.lookup(): all addresses, those of one family, or an error with a code and without the host', async () => {
    const { names } = setup();
    names.remember('a.test', [ADDRESS, OTHER]);
    const ask = (options: object) =>
      new Promise((resolve) => names.lookup('a.test', options, (...given) => resolve(given)));
    deepEqual(await ask({ all: true }), [null, [ADDRESS, OTHER]]);
    deepEqual(await ask({ family: 6 }), [null, OTHER.address, 6]);
    deepEqual(await ask({ family: 'IPv4', all: true }), [null, [ADDRESS]]);
    names.remember('a.test', [ADDRESS]);
    const [error] = (await ask({ family: 6 })) as [NodeJS.ErrnoException];
    deepEqual([error.code, error.message], ['ENOTFOUND', 'the name lookup failed: ENOTFOUND']);
  });
});
