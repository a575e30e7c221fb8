import { CLASS_PAIRS, FIRST_LETTERS, LETTER_PAIRS } from './letter-pairs.js';

/**
 * Tells letters and digits by chance (`gum3qBUlXWtEjseSkuXQ`) from names and words (`OrderNotFound`): by how often such
 * characters follow each other in names, and how often by chance.
 */

const LOWER = 0;
const UPPER = 1;
const DIGIT = 2;
const OTHER = 3;

/** The shares of lower case, upper case and digits in ids by chance. */
const ALPHABETS: readonly (readonly [lower: number, upper: number, digits: number])[] = [
  // Base62, both cases, lower case with digits, lower case, upper case, base32.
  [26 / 62, 26 / 62, 10 / 62],
  [1 / 2, 1 / 2, 0],
  [26 / 36, 0, 10 / 36],
  [1, 0, 0],
  [0, 1, 0],
  [0, 26 / 32, 6 / 32],
];
/** The share of other characters in each of them. */
const OTHER_SHARE = 0.02;
/** The cost of a character that an alphabet does not have. */
const NEVER = 1e6;
const LETTERS = 26;
/** The costs of a character of each class in each alphabet: negative natural logarithms. */
const CHANCE_COSTS: readonly (readonly number[])[] = ALPHABETS.map(([lower, upper, digits]) =>
  [lower / LETTERS, upper / LETTERS, digits, OTHER_SHARE].map((share) => Math.min(NEVER, -Math.log(share))),
);
/** The number of characters that are read. */
const MAX_LENGTH = 40;

const asCosts = (row: string): readonly number[] => [...row].map((character) => (character.charCodeAt(0) - 40) / 4);
const CLASS_COSTS = CLASS_PAIRS.map(asCosts);
/** A constant (`ECONNREFUSED`) is in upper case altogether, so that an upper case letter behind another says nothing. */
const CONSTANT_COSTS = CLASS_COSTS.map((costs, from) => (from === UPPER ? costs.with(UPPER, 0) : costs));

/** Characters as numbers: a to z, A to Z, any digit, any other. */
const SYMBOLS = 54;
const FIRST_UPPER = 26;
const ANY_DIGIT = 52;
const ANY_OTHER = 53;
/** Computed with the first text, because that takes milliseconds of the start of an app. */
let nameCosts: Float64Array | undefined;
let constantCosts: Float64Array | undefined;

function costsFor(text: string): Float64Array {
  if (text.toUpperCase() === text) {
    constantCosts ??= pairCosts(CONSTANT_COSTS);
    return constantCosts;
  }
  nameCosts ??= pairCosts(CLASS_COSTS);
  return nameCosts;
}

/** Returns the costs in a name of each symbol behind each symbol, at `from * SYMBOLS + to`. */
function pairCosts(classCosts: readonly (readonly number[])[]): Float64Array {
  const first = asCosts(FIRST_LETTERS);
  const pairs = LETTER_PAIRS.map(asCosts);
  return Float64Array.from({ length: SYMBOLS * SYMBOLS }, (_, at) => {
    const [from, to] = [Math.floor(at / SYMBOLS), at % SYMBOLS];
    const [fromClass, toClass] = [classOf(from), classOf(to)];
    const classCost = classCosts[fromClass]?.[toClass] as number;
    if (toClass > UPPER) return classCost;
    const startsWord = fromClass > UPPER || (fromClass === LOWER && toClass === UPPER);
    const letters = startsWord ? first : (pairs[from % LETTERS] as readonly number[]);
    return classCost + (letters[to % LETTERS] as number);
  });
}

/**
 * Returns the natural logarithm of how much more likely the text is by chance than as a name: above 0 by chance, below 0 a
 * name. Reads the first 40 characters.
 */
export function randomness(text: string): number {
  const end = Math.min(text.length, MAX_LENGTH);
  const costs = costsFor(text);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  let nameCost = 0;
  let from = end === 0 ? ANY_OTHER : symbolOf(text.charCodeAt(0));
  for (let at = 1; at < end; at++) {
    const to = symbolOf(text.charCodeAt(at));
    counts[classOf(to)]++;
    nameCost += costs[from * SYMBOLS + to] as number;
    from = to;
  }
  return nameCost - chanceCost(counts);
}

/** Returns the cost of such characters in the alphabet in which they are most likely. */
function chanceCost([lower, upper, digits, others]: readonly [number, number, number, number]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [ofLower = 0, ofUpper = 0, ofDigit = 0, ofOther = 0] of CHANCE_COSTS) {
    least = Math.min(least, lower * ofLower + upper * ofUpper + digits * ofDigit + others * ofOther);
  }
  return least;
}

function symbolOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit - 97;
  if (unit >= 65 && unit <= 90) return unit - 65 + FIRST_UPPER;
  return unit >= 48 && unit <= 57 ? ANY_DIGIT : ANY_OTHER;
}

function classOf(symbol: number): 0 | 1 | 2 | 3 {
  if (symbol < FIRST_UPPER) return LOWER;
  if (symbol < ANY_DIGIT) return UPPER;
  return symbol === ANY_DIGIT ? DIGIT : OTHER;
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
