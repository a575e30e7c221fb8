/** More than this is another word, and no slip of the finger. */
const MOST_SLIPS = 2;

/** So much of a name is enough to know it by. */
const SHORTEST_BEGINNING = 3;

/** The known name that somebody may have meant: equal but for capitals and `_`, or two letters at most, or its beginning. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // A name that long is none, and comparing takes the product of the lengths.
  if (name.length > 100) return undefined;
  const plainName = plain(name);
  const slips = known.map((each) => ({ each, count: slipsBetween(plainName, plain(each)) }));
  const [best] = slips.toSorted((a, b) => a.count - b.count);
  // Of a short name two letters are most of it.
  const most = Math.min(MOST_SLIPS, Math.floor(plainName.length / 3));
  if (best !== undefined && best.count <= most) return best.each;
  const isBeginning = (each: string): boolean => plain(each).startsWith(plainName);
  return plainName.length < SHORTEST_BEGINNING ? undefined : known.find(isBeginning);
}

/** What to say of it after an error. */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Letters to add, take away, change, or swap with their neighbour. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] as number) + 1 : changed;
      next.push(Math.min(changed, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) as number;
}
