/** Of several rounds: the lowest is what the code takes, the middle what the machine makes of it. */
export interface Range {
  readonly min: number;
  readonly median: number;
}

/** Rounded to a hundredth. */
export function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: rounded(sorted[0]), median: rounded(sorted[sorted.length >> 1]) };
}

function rounded(value = Number.NaN): number {
  return Number(value.toFixed(2));
}
