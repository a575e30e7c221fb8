import { CLASS_PAIRS, FIRST_LETTERS, LETTER_PAIRS } from './letter-pairs.js';

/**
 * Tells letters and digits by chance (`gum3qBUlXWtEjseSkuXQ`) from names and words (`OrderNotFound`): by how often such
 * characters follow each other in names, and how often by chance.
 */

const LOWER = 0;
const UPPER = 1;
const DIGIT = 2;
const OTHER = 3;

/** The shares of lower case, upper case and digits in ids by chance. Other characters have the share {@link OTHER_SHARE}. */
const ALPHABETS: readonly (readonly [number, number, number])[] = [
  // Base62, both cases, lower case with digits, lower case, upper case, base32.
  [26 / 62, 26 / 62, 10 / 62],
  [1 / 2, 1 / 2, 0],
  [26 / 36, 0, 10 / 36],
  [1, 0, 0],
  [0, 1, 0],
  [0, 26 / 32, 6 / 32],
];
const OTHER_SHARE = 0.02;
const LETTERS = 26;
/** The number of characters that are read. */
const MAX_LENGTH = 40;

const asCosts = (row: string): readonly number[] => [...row].map((character) => (character.charCodeAt(0) - 40) / 4);
const CLASS_COSTS = CLASS_PAIRS.map(asCosts);
/** A constant (`ECONNREFUSED`) is in upper case altogether, so that an upper case letter behind another says nothing. */
const CONSTANT_COSTS = CLASS_COSTS.map((costs, from) => (from === UPPER ? costs.with(UPPER, 0) : costs));
const FIRST_COSTS = asCosts(FIRST_LETTERS);
const PAIR_COSTS = LETTER_PAIRS.map(asCosts);

/**
 * Returns the natural logarithm of how much more likely the text is by chance than as a name: above 0 by chance, below 0 a
 * name. Reads the first 40 characters.
 */
export function randomness(text: string): number {
  const end = Math.min(text.length, MAX_LENGTH);
  const counts = [0, 0, 0, 0];
  const classCosts = text.toUpperCase() === text ? CONSTANT_COSTS : CLASS_COSTS;
  let nameCost = 0;
  for (let at = 1; at < end; at++) {
    const from = classAt(text, at - 1);
    const to = classAt(text, at);
    counts[to] = (counts[to] as number) + 1;
    nameCost += (classCosts[from] as readonly number[])[to] as number;
    if (to > UPPER) continue;
    const startsWord = from > UPPER || (from === LOWER && to === UPPER);
    const costs = startsWord ? FIRST_COSTS : (PAIR_COSTS[letterAt(text, at - 1)] as readonly number[]);
    nameCost += costs[letterAt(text, at)] as number;
  }
  return nameCost - Math.min(...ALPHABETS.map((shares) => chanceCost(counts, shares)));
}

function chanceCost(counts: readonly number[], shares: readonly [number, number, number]): number {
  const [lower = 0, upper = 0, digits = 0, others = 0] = counts;
  const letters = (lower + upper) * Math.log(LETTERS);
  return (
    letters + cost(lower, shares[0]) + cost(upper, shares[1]) + cost(digits, shares[2]) + cost(others, OTHER_SHARE)
  );
}

function cost(count: number, share: number): number {
  return count === 0 ? 0 : -count * Math.log(share);
}

function classAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit >= 97 && unit <= 122) return LOWER;
  if (unit >= 65 && unit <= 90) return UPPER;
  return unit >= 48 && unit <= 57 ? DIGIT : OTHER;
}

/** The index of a letter in the alphabet. */
function letterAt(text: string, at: number): number {
  return (text.charCodeAt(at) | 32) - 97;
}

/** Above these, a text of at least eight characters is by chance: once in some thousand names. */
const MIN_RANDOMNESS = { mixed: 4, upper: 7, word: 12 } as const;
const MIN_LENGTH = 8;
/** A word, or a word beside an acronym: `RabbitMQ`, `OOMKilled`. Foreign words and names of products need most evidence. */
const WORD = /^(?:[A-Z]*[a-z]+|[A-Z]?[a-z]+[A-Z]+)$/;

/** Whether a text of letters and digits is an id by chance. */
export function isByChance(text: string): boolean {
  if (text.length < MIN_LENGTH) return false;
  const kind = WORD.test(text) ? 'word' : text === text.toUpperCase() ? 'upper' : 'mixed';
  return randomness(text) > MIN_RANDOMNESS[kind];
}
