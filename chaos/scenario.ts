import { FAULTS } from './faults/index.js';
import { type Load, planLoad } from './load.js';
import { type Random, seededRandom } from './random.js';
import type { PlaceName } from './slack/place.js';

/** How the app uses the exporter. */
export interface Setup {
  readonly way: 'webhook' | 'token';
  readonly front: 'processor' | 'exporter';
  readonly hasSpool: boolean;
  readonly hasLastWords: boolean;
  readonly hasFallback: boolean;
  /** FATAL records have a place of their own. */
  readonly hasPages: boolean;
  /** The disk fails. Not in every run, because a process that is killed meanwhile may lose records. */
  readonly hasDiskFaults: boolean;
  /** The spool of a dead process is damaged. */
  readonly hasDamage: boolean;
  /** Processes at the same time. With a spool they share it. */
  readonly seats: number;
}

/** The ways in which a life of the app ends. */
export type End = 'SIGTERM' | 'SIGKILL' | 'exit' | 'throw' | 'run out';

/** A step of a run, at a time from its start. */
export type Step = { readonly atMillis: number; readonly seat: number } & (
  | {
      readonly act: 'fault';
      readonly name: string;
      readonly place: PlaceName;
      readonly forMillis: number;
      readonly variant: number;
    }
  | { readonly act: 'end'; readonly how: End; readonly downMillis: number; readonly damage: number | undefined }
  | { readonly act: 'witness'; readonly place: PlaceName }
);

/** All that happens in a run. The same seed gives the same scenario. */
export interface Scenario {
  readonly seed: number;
  readonly setup: Setup;
  readonly steps: readonly Step[];
  readonly loads: readonly Load[];
  /** From the start to the end of the last fault. */
  readonly millis: number;
}

/** Options of {@link planScenario}. */
export interface ScenarioOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Names of faults and ends that do not happen. */
  readonly without: readonly string[];
}

/** A part of a run. */
interface Period {
  readonly fromMillis: number;
  readonly untilMillis: number;
}

const FIRST_MILLIS = 2_500;
const STORM_MILLIS = 14_000;
/** In a run of less than a minute. */
const SHORT_STORM_MILLIS = 8_000;
/** Long enough for a record to arrive after the storm; see `LIMIT_MILLIS` in judge/in-time.ts. */
const CALM_MILLIS = 14_000;
/** The time at the end of a run in which everything must arrive, and the app ends. */
const SETTLE_MILLIS = 22_000;
const MINUTE_MILLIS = 60_000;

const ENDS: readonly End[] = ['SIGTERM', 'SIGTERM', 'SIGKILL', 'SIGKILL', 'SIGKILL', 'exit', 'throw', 'run out'];

/** Plans a run: storms with faults of all kinds, and calms between them in which everything must arrive. */
export function planScenario({ seed, minutes, without }: ScenarioOptions): Scenario {
  const random = seededRandom(seed);
  const setup = planSetup(random);
  const stormMillis = minutes < 1 ? SHORT_STORM_MILLIS : STORM_MILLIS;
  const roundMillis = stormMillis + CALM_MILLIS;
  const rounds = Math.max(1, Math.round((minutes * MINUTE_MILLIS - SETTLE_MILLIS) / roundMillis));
  const steps = Array.from({ length: rounds }, (_, round) => {
    const fromMillis = FIRST_MILLIS + round * roundMillis;
    const calmMillis = fromMillis + stormMillis;
    return [
      ...planStorm(random, setup, { fromMillis, untilMillis: calmMillis }),
      ...planCalm(random, setup, { fromMillis: calmMillis, untilMillis: fromMillis + roundMillis }),
    ];
  }).flat();
  const millis = FIRST_MILLIS + rounds * roundMillis;
  const loads = Array.from({ length: setup.seats }, (_, seat) => planLoad(random, seat, millis + SETTLE_MILLIS));
  const isWanted = (step: Step): boolean =>
    !without.includes(step.act === 'fault' ? step.name : step.act === 'end' ? step.how : '');
  const wanted = [...steps, ...planWitnesses(setup, millis)].filter(isWanted);
  return { seed, setup, loads, millis, steps: wanted.toSorted((a, b) => a.atMillis - b.atMillis) };
}

function planSetup(random: Random): Setup {
  const hasSpool = random.chance(0.8);
  return {
    way: random.pick(['webhook', 'token']),
    front: random.pick(['processor', 'exporter']),
    hasSpool,
    hasDiskFaults: random.chance(0.6) && hasSpool,
    hasDamage: random.chance(0.25) && hasSpool,
    hasLastWords: random.chance(0.5),
    hasFallback: random.chance(0.4),
    hasPages: random.chance(0.6),
    seats: random.chance(0.4) ? 2 : 1,
  };
}

/** A fault or an end every second, and witnesses that are due after the storm. */
function planStorm(random: Random, setup: Setup, { fromMillis, untilMillis }: Period): readonly Step[] {
  const steps = [...planWitnesses(setup, fromMillis)];
  for (let atMillis = fromMillis; atMillis < untilMillis - 500; atMillis += random.between(200, 1_800)) {
    steps.push(
      random.chance(0.25)
        ? planEnd(random, setup, atMillis)
        : planFault(random, setup, { fromMillis: atMillis, untilMillis }),
    );
  }
  return steps;
}

function planEnd(random: Random, setup: Setup, atMillis: number): Step {
  const seat = random.between(0, setup.seats - 1);
  const how = random.pick(ENDS);
  const canDamage = setup.hasDamage && setup.seats === 1 && random.chance(0.4);
  const damage = canDamage ? random.between(0, 999) : undefined;
  return { act: 'end', atMillis, seat, how, downMillis: random.between(100, 2_000), damage };
}

function planFault(random: Random, setup: Setup, { fromMillis, untilMillis }: Period): Step {
  const reach = random.pick([
    ...(['place', 'place', 'place', 'word', 'process'] as const),
    ...(setup.hasDiskFaults ? (['disk'] as const) : []),
  ]);
  const names = Object.entries(FAULTS)
    .filter(([, { disturbs }]) => disturbs === reach || (reach === 'process' && ['seat', 'nothing'].includes(disturbs)))
    .map(([name]) => name);
  const forMillis = Math.min(random.between(300, 6_000), untilMillis - fromMillis);
  return faultStep(random, setup, { name: random.pick(names), atMillis: fromMillis, forMillis });
}

/** In a calm, a word is refused or the disk fails, and everything else must arrive in time. */
function planCalm(random: Random, setup: Setup, { fromMillis, untilMillis }: Period): readonly Step[] {
  const names = ['a word is refused', ...(setup.hasDiskFaults ? ['the disk is frozen', 'the disk is full'] : [])];
  const forMillis = untilMillis - fromMillis;
  const fault = faultStep(random, setup, { name: random.pick(names), atMillis: fromMillis, forMillis });
  const witnesses = [0, 2_000].flatMap((millis) => planWitnesses(setup, fromMillis + millis));
  return random.chance(0.8) ? [fault, ...witnesses] : witnesses;
}

function faultStep(
  random: Random,
  setup: Setup,
  timed: { readonly name: string; readonly atMillis: number; readonly forMillis: number },
): Step {
  const seat = random.between(0, setup.seats - 1);
  return { act: 'fault', ...timed, seat, place: random.pick(placesOf(setup)), variant: random.between(0, 999) };
}

/** A witness is a new problem that must arrive in time. */
function planWitnesses({ hasPages, seats }: Setup, atMillis: number): readonly Step[] {
  const places: readonly PlaceName[] = hasPages ? ['main', 'pages'] : ['main'];
  return Array.from({ length: seats }, (_, seat) =>
    places.map((place): Step => ({ act: 'witness', atMillis, seat, place })),
  ).flat();
}

function placesOf({ hasPages, hasFallback }: Setup): readonly PlaceName[] {
  return ['main', 'main', ...(hasPages ? ['pages' as const] : []), ...(hasFallback ? ['fallback' as const] : [])];
}
