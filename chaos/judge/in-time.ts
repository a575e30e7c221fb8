import { SPEED } from '../clock-speed.js';
import type { Facts, Violation, Witness } from './facts.js';

/**
 * A new problem is shown within this time of an undisturbed destination: 90 seconds of the app's clock (the longest
 * back-off or probe, 60 s, and what is tried before), and three real seconds for a busy machine.
 */
export const LIMIT_MILLIS: number = 90_000 / SPEED + 3_000;

/** A new process adopts the records of a dead one after this time: 15 s until the dead one counts as dead, and a beat. */
export const ADOPTION_MILLIS = 3_000;

/** Each witness is shown within the limit, counted from the end of the last disturbance. */
export function late(facts: Facts): readonly Violation[] {
  return facts.witnesses.flatMap((witness) => {
    const dueMillis = dueOf(facts, witness);
    const shownMillis = shownAtMillis(facts, witness);
    if (dueMillis > facts.endMillis || shownMillis <= dueMillis || !isOwed(facts, witness)) return [];
    const lateMillis = Math.round(shownMillis - dueMillis);
    return [
      {
        invariant: 'delivered in time',
        expected: `${witness.problem} at ${witness.place} within ${LIMIT_MILLIS} ms without a disturbance`,
        got: Number.isFinite(lateMillis) ? `${lateMillis} ms later` : 'never',
      },
    ];
  });
}

/** Returns when the witness must be shown at the latest: the first undisturbed time that is long enough. */
function dueOf({ timeline }: Facts, { place, seat, emittedAtMillis }: Witness): number {
  let startMillis = emittedAtMillis;
  for (const { fromMillis, untilMillis } of timeline.spans(place, 'fallback', seat)) {
    if (fromMillis < startMillis + LIMIT_MILLIS) startMillis = Math.max(startMillis, untilMillis);
  }
  return startMillis + LIMIT_MILLIS;
}

/** Returns when a witness was first shown at one of the places; infinite when it was not. */
export function shownAtMillis({ places }: Pick<Facts, 'places'>, { problem, emittedAtMillis }: Witness): number {
  return Math.min(...places.map(({ shown }) => shown.firstAtMillis(problem, emittedAtMillis)));
}

/**
 * Whether no life could lose the witness, from the one that emitted it to the last one that could adopt it. Otherwise only
 * `nothing lost` judges it.
 */
function isOwed({ scenario, lives }: Facts, { life, problem }: Witness): boolean {
  const { front, hasSpool } = scenario.setup;
  const isOrderly = life.ended?.how === 'SIGTERM';
  const later = lives.filter(({ startMillis }) => startMillis >= life.startMillis);
  const mayLose = later.some(({ forgiven, dropped }) => forgiven + dropped > 0);
  return (isOrderly || hasSpool) && !mayLose && life.owed(front).has(problem);
}
