/** The different values of something that were seen, first come first, as many as a person would want to know. */
export class DistinctValues {
  readonly #values = new Set<string>();

  /** Whether the value is new. Beyond the bound nothing is. */
  add(value: string | undefined): boolean {
    if (value === undefined || value === '' || this.#values.size >= MOST_VALUES || this.#values.has(value))
      return false;
    this.#values.add(value);
    return true;
  }

  values(): readonly string[] {
    return [...this.#values];
  }

  /** Whether there may be more than {@link values} names. */
  get isFull(): boolean {
    return this.#values.size >= MOST_VALUES;
  }
}

const MOST_VALUES = 50;
