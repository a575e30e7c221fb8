/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** Returns an integer from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** Returns one of the items. */
  pick<T>(items: readonly T[]): T;
  /** Returns true with this probability, 0 to 1. */
  chance(probability: number): boolean;
}

/** Creates a {@link Random}. Source: https://github.com/bryc/code/blob/master/jshash/PRNGs.md (mulberry32) */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    chance: (probability) => next() < probability,
  };
}
