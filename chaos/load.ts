import type { Random } from './random.js';

/** Records of one problem that the app emits in one go. Kinds are in app/load.mjs. */
export interface Burst {
  readonly kind: string;
  readonly problem: string;
  readonly count: number;
}

/** The bursts of each tick of the app. */
export type Load = readonly (readonly Burst[])[];

/** The app's ticks in a second. */
const TICKS_A_SECOND = 20;

/** What the app logs: how often in a thousand bursts, how many problems there are, and the most records of a burst. */
const KINDS: readonly { kind: string; letter: string; weight: number; problems: number; most: number }[] = [
  { kind: 'equal', letter: 'e', weight: 500, problems: 3, most: 40 },
  { kind: 'error', letter: 'r', weight: 300, problems: 4, most: 10 },
  { kind: 'fatal', letter: 'f', weight: 60, problems: 2, most: 2 },
  { kind: 'poison', letter: 'p', weight: 50, problems: 1, most: 3 },
  { kind: 'secret', letter: 's', weight: 40, problems: 1, most: 3 },
  { kind: 'hostile', letter: 'o', weight: 35, problems: 1, most: 3 },
  { kind: 'huge', letter: 'h', weight: 10, problems: 1, most: 2 },
  { kind: 'crowd', letter: 'c', weight: 5, problems: 1, most: 60 },
];

const DECK = KINDS.flatMap((row) => Array.from({ length: row.weight }, () => row));

/** Returns the name of a problem. It has only letters, because digits count as a value and not as another problem. */
export function problemName(seat: number, letter: string, number: number): string {
  return `q${lettersOf(seat)}${letter}${lettersOf(number)}`;
}

/** Plans what one seat logs in the whole run. A seat has problems of its own. */
export function planLoad(random: Random, seat: number, millis: number): Load {
  return Array.from({ length: Math.ceil((millis / 1_000) * TICKS_A_SECOND) }, () =>
    random.chance(0.3) ? [planBurst(random, seat)] : [],
  );
}

function planBurst(random: Random, seat: number): Burst {
  const { kind, letter, problems, most } = random.pick(DECK);
  const problem = problemName(seat, letter, random.between(0, problems - 1));
  return { kind, problem, count: random.between(1, most) };
}

/** Letters that no kind uses, so that no name contains another. */
function lettersOf(number: number): string {
  return [...String(number)].map((digit) => 'abdgijklmn'[Number(digit)]).join('');
}
