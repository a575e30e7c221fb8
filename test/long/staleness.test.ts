import assert from 'node:assert/strict';
import { createRateLimits } from '../../src/deliver/rate-limiter.js';
import { rateLimitScopeId } from '../../src/slack/index.js';
import { CHANNEL, WEBHOOK } from '../support/destination.js';
import { isFullSize, sized } from '../support/sized.js';
import { type Simulated, type Simulation, simulate } from '../support/staleness.js';
import { word } from '../support/words.js';

/** The bounds of docs/reliability.md, in seconds. */
const BOUNDS = { FATAL: 30, ERROR: 120, WARN: 300 } as const;

/** A day at full size, else an hour. */
const SECONDS = sized({ short: 3_600, full: 24 * 3_600 });

/** The problems arrive one a second, so that each has a message of its own, and then change each second. */
const oneByOne = (second: number, problem: number): number => (second >= problem ? 1 : 0);
/** The problems arrive at once, and then each changes every `seconds`. */
const every = (seconds: number) => (second: number, problem: number) =>
  second === 0 || (second + problem * 7) % seconds === 0 ? 1 : 0;

async function isFresh(simulation: Simulation): Promise<Simulated> {
  const simulated = await simulate(simulation);
  for (const { severity, worstSeconds } of simulated.staleness) {
    const bound = BOUNDS[severity as keyof typeof BOUNDS];
    assert.ok(worstSeconds <= bound, `${severity}: ${worstSeconds} s\n${JSON.stringify(simulated.staleness)}`);
  }
  const { accepted, delivered, pending, dropped } = simulated.destination.counts();
  const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
  assert.equal(accepted, delivered + pending + lost);
  return simulated;
}

describe('A3: the age of a change before a message shows it', () => {
  it('A3: stays within its bound for 5 FATAL problems beside 45 loud ones', async () => {
    const { mostUpdatesInAMinute } = await isFresh({ problems: 50, fatal: 5, seconds: 1_200, recordsIn: oneByOne });
    assert.ok(mostUpdatesInAMinute <= 20, `${mostUpdatesInAMinute} updates in a minute`);
  });

  for (const problems of [15, 45, 300]) {
    it(`A3: stays within its bound for ${problems} live problems of all severities, all day`, async function () {
      this.timeout(1_800_000);
      const startMillis = process.cpuUsage();
      // One problem after the other, then each at a pace of its own: every 10 to 70 s.
      const recordsIn = (second: number, problem: number): number =>
        second === problem || (second > problem && (second + problem * 13) % (10 + (problem % 61)) === 0) ? 1 : 0;
      const { staleness, posts, updates } = await isFresh({ problems, seconds: SECONDS, recordsIn });
      const { user, system } = process.cpuUsage(startMillis);
      if (!isFullSize) return;
      console.table(staleness);
      console.log(`${posts} posts, ${updates} updates, ${Math.round((user + system) / 1e6)} s of CPU time`);
    });
  }

  it('A3: stays within its bound when all of 300 problems are FATAL, loud, and arrive one by one', async () => {
    await isFresh({ problems: 300, fatal: 300, seconds: 900, recordsIn: oneByOne });
  });

  it('A3: stays within its bound when all arrive at once, and each changes every half minute', async () => {
    await isFresh({ problems: 300, seconds: 600, recordsIn: every(30) });
  });

  it('A3: stays within its bound when all of 300 single messages change in the same second after a rest', async () => {
    const recordsIn = (second: number, problem: number): number => (second === problem || second === 600 ? 1 : 0);
    await isFresh({ problems: 300, seconds: 1_200, recordsIn });
  });

  it('A3: stays within its bound while new problems keep coming, one a second', async () => {
    const before: Simulation['before'] = (destination, second) => destination.accept(`other ${word(second)}`);
    await isFresh({ problems: 100, seconds: 600, recordsIn: oneByOne, before });
  });

  it('A3: stays within its bound when Slack says once that there are too many updates', async () => {
    const before: Simulation['before'] = ({ channel }, second) => {
      if (second === 400) channel.answers.push({ kind: 'retry', reason: 'rate_limited', rateLimitedMillis: 5_000 });
    };
    await isFresh({ problems: 300, seconds: 900, recordsIn: oneByOne, before, scopes: ['chat:write'] });
  });

  it('A3: stays within its bound while another channel of the token uses half of the updates', async () => {
    const rateLimits = createRateLimits();
    const updates = rateLimits.tokenBucket(rateLimitScopeId(CHANNEL, 'chat.update'));
    const before: Simulation['before'] = ({ clock }, second) => {
      const nowMillis = clock.monotonic();
      if (second % 6 === 0 && updates.readyAtMillis(nowMillis) <= nowMillis) updates.spend(nowMillis);
    };
    await isFresh({ problems: 100, seconds: 900, recordsIn: oneByOne, before, rateLimits });
  });

  it('A3: stays within its bound for problems that pause, and become ten times as frequent', async () => {
    const recordsIn = (second: number, problem: number): number => {
      if (second <= problem) return second === problem ? 1 : 0;
      const isOn = Math.floor((second + problem * 97) / 600) % 2 === 1;
      return isOn && (second + problem) % 20 === 0 ? (second % 7 === 0 ? 100 : 1) : 0;
    };
    await isFresh({ problems: 300, seconds: 3_600, recordsIn });
  });

  it('A3: shows each FATAL problem with a line of its own in a burst of 700 problems', async () => {
    const simulation = { problems: 700, fatal: 100, seconds: 300, recordsIn: every(20) };
    const { staleness } = await simulate(simulation);
    assert.ok((staleness[0]?.worstSeconds ?? 999) <= BOUNDS.FATAL, JSON.stringify(staleness));
  });

  it('A3: is bounded for a new ERROR problem while new FATAL problems keep coming, with a webhook', async () => {
    const recordsIn = (second: number, problem: number): number => (second === 60 * (problem + 1) ? 1 : 0);
    const before: Simulation['before'] = (destination, second) => destination.accept(`fatal ${word(second)}`);
    await isFresh({ problems: 4, fatal: 0, seconds: 600, recordsIn, before, destination: WEBHOOK });
  });

  it('A3: every message that stops says where its problem goes on', async () => {
    const { destination } = await simulate({ problems: 50, fatal: 5, seconds: 1_800, recordsIn: oneByOne });
    const live = destination.outbox.groups.all().map(({ message }) => message?.ref?.ts);
    const stopped = destination.channel.top().filter(({ ts }) => !live.includes(ts));
    assert.ok(stopped.length > 20, `${stopped.length} messages stopped`);
    const ids = new Set(destination.outbox.groups.all().map(({ message }) => message?.id));
    for (const { message } of stopped) {
      const [, id] = /goes on in a newer message, id `([^`]+)`/.exec(JSON.stringify(message)) ?? [];
      assert.ok(id !== undefined && ids.has(id), JSON.stringify(message).slice(0, 500));
    }
  });
});
