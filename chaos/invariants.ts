import { wrongEnds } from './judge/ends.js';
import type { Facts, Violation } from './judge/facts.js';
import { late } from './judge/in-time.js';
import { slowed } from './judge/latency.js';
import { invented, leftBehind, lost } from './judge/not-lost.js';
import { leaks } from './judge/secrets.js';

/** All that must hold in every run. Each returns what does not hold. */
const INVARIANTS: readonly ((facts: Facts) => readonly Violation[])[] = [
  ({ wrongBooks }) => wrongBooks,
  lost,
  invented,
  leftBehind,
  late,
  slowed,
  leaks,
  wrongEnds,
];

/** Returns all broken invariants of a run. */
export function judge(facts: Facts): readonly Violation[] {
  return INVARIANTS.flatMap((broken) => broken(facts));
}
