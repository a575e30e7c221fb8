import { deepEqual, ok } from 'node:assert/strict';
import { judge } from '../../chaos/invariants.js';
import type { Facts } from '../../chaos/judge/facts.js';
import { planLoad } from '../../chaos/load.js';
import { seededRandom } from '../../chaos/random.js';
import type { Scenario, Setup } from '../../chaos/scenario.js';
import { supervise } from '../../chaos/supervisor.js';
import { buildIfStale } from '../support/processes.js';

const SETUP: Setup = {
  ...{ way: 'token', front: 'processor', seats: 1 },
  ...{ hasSpool: true, hasLastWords: false, hasFallback: false, hasPages: false },
  ...{ hasDiskFaults: false, hasDamage: false },
};

/** A mistake of the app (chaos/app.mjs), and the invariant that must find it. */
interface Row {
  readonly defect: string;
  readonly invariant: string;
  readonly setup?: Partial<Setup>;
}

const ROWS: readonly Row[] = [
  { defect: 'lose', invariant: 'nothing lost' },
  { defect: 'invent', invariant: 'nothing invented', setup: { hasSpool: false } },
  { defect: 'miscount', invariant: 'books exact' },
  { defect: 'keep', invariant: 'nothing left behind' },
  { defect: 'mute', invariant: 'delivered in time' },
  { defect: 'block', invariant: 'the app is not slowed' },
  { defect: 'leak', invariant: 'no secret leaks' },
  { defect: 'linger', invariant: 'ends as told' },
  { defect: 'reject', invariant: 'ends as told' },
];

/** Runs at the same time. Each waits most of its time. */
const AT_ONCE = 3;

describe('the invariants of npm run chaos', function () {
  this.timeout(120_000);
  const broken = new Map<string, readonly string[]>();
  before(async () => {
    buildIfStale();
    const waiting = [...ROWS];
    const runNext = async (): Promise<void> => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        broken.set(row.defect, brokenIn(await supervise(quiet(row.setup ?? {}), { defect: row.defect })));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runNext));
  });

  it('hold for an app without a mistake and without a fault', async () => {
    const facts = await supervise(quiet({}));
    deepEqual(judge(facts), []);
    ok(facts.lives[0]?.emitted.length, 'the app has logged');
    ok(facts.baseline.latency.length > 0, 'the latency was measured');
  });

  for (const { defect, invariant } of ROWS) {
    it(`“${invariant}” fails for an app with the mistake “${defect}”`, () => {
      // One mistake may break several: a record that never arrives is both lost and late.
      ok(broken.get(defect)?.includes(invariant), broken.get(defect)?.join(', ') ?? 'none');
    });
  }

  it('“nothing lost” fails when the spool of a killed process is gone', async () => {
    const facts = await supervise(
      {
        ...quiet({}),
        steps: [
          { act: 'fault', name: 'refuse', place: 'main', seat: 0, atMillis: 0, forMillis: 9_000, variant: 0 },
          { act: 'end', how: 'SIGKILL', seat: 0, atMillis: 8_500, downMillis: 200, damage: undefined },
        ],
        millis: 9_500,
      },
      { spoolVanishes: true },
    );
    deepEqual(brokenIn(facts), ['nothing lost']);
  });
});

/** A run without faults, with one witness. */
function quiet(setup: Partial<Setup>): Scenario {
  return {
    seed: 1,
    setup: { ...SETUP, ...setup },
    loads: [planLoad(seededRandom(1), 0, 30_000)],
    steps: [{ act: 'witness', atMillis: 200, seat: 0, place: 'main' }],
    millis: 5_000,
  };
}

function brokenIn(facts: Facts): readonly string[] {
  return [...new Set(judge(facts).map(({ invariant }) => invariant))];
}
