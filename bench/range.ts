/** The results of several rounds. The minimum is the cost of the code; the median includes other work of the machine. */
export interface Range {
  readonly min: number;
  readonly median: number;
}

/** Returns the minimum and the median, rounded to a hundredth. */
export function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: rounded(sorted[0]), median: rounded(sorted[sorted.length >> 1]) };
}

function rounded(value = Number.NaN): number {
  return Number(value.toFixed(2));
}
