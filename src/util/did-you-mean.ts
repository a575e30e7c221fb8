/** A name with more typing errors than this counts as another word. */
const MAX_TYPOS = 2;

/** A prefix of at least this length identifies a name. */
const MIN_PREFIX_LENGTH = 3;

/**
 * Returns the known name that `name` was probably meant to be: the one that is equal apart from upper case, `_` and
 * `-`, that differs by at most two typing errors, or that begins with `name`.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // The comparison takes time in proportion to the product of both lengths.
  if (name.length > 100) return undefined;
  const normalizedName = normalize(name);
  const candidates = known.map((each) => ({ each, typos: typosBetween(normalizedName, normalize(each)) }));
  const [best] = candidates.toSorted((a, b) => a.typos - b.typos);
  // Two letters are most of a short name.
  const maxTypos = Math.min(MAX_TYPOS, Math.floor(normalizedName.length / 3));
  if (best !== undefined && best.typos <= maxTypos) return best.each;
  const hasPrefix = (each: string): boolean => normalize(each).startsWith(normalizedName);
  return normalizedName.length < MIN_PREFIX_LENGTH ? undefined : known.find(hasPrefix);
}

/** Returns the hint to append to an error text, `; did you mean …?`, or an empty string. */
export function didYouMean(name: string, known: readonly string[]): string {
  const suggestion = nearest(name, known);
  return suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Counts the letters to add, remove, change or swap with their neighbour (the Damerau-Levenshtein distance). */
function typosBetween(a: string, b: string): number {
  let previousRow: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (previousRow[j - 2] as number) + 1 : changed;
      next.push(Math.min(changed, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    previousRow = row;
    row = next;
  }
  return row.at(-1) as number;
}
