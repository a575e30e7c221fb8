/** The distinct values seen of an attribute, such as the host, in order of arrival. At most 50 values are stored. */
export class DistinctValues {
  readonly #values = new Set<string>();

  /** Adds a value. Returns whether it is new; always false once the list is full. */
  add(value: string | undefined): boolean {
    if (value === undefined || value === '' || this.#values.size >= MAX_VALUES || this.#values.has(value)) return false;
    this.#values.add(value);
    return true;
  }

  values(): readonly string[] {
    return [...this.#values];
  }

  /** Whether the list is full, so there may be more values than {@link values} returns. */
  get isFull(): boolean {
    return this.#values.size >= MAX_VALUES;
  }
}

const MAX_VALUES = 50;
