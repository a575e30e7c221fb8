const MAX_VALUES = 50;

/** The distinct values seen of an attribute, such as the host, in order of arrival. At most 50 values are stored. */
export class DistinctValues {
  /** Nearly every group has one value, for which a `Set` is large. */
  #values: Set<string> | string | undefined;

  /** Adds a value. Returns whether it is new; always false once the list is full. */
  add(value: string | undefined): boolean {
    if (value === undefined || value === '' || value === this.#values) return false;
    if (this.#values === undefined) this.#values = value;
    else return this.#addFurther(this.#values, value);
    return true;
  }

  #addFurther(known: Set<string> | string, value: string): boolean {
    const values = typeof known === 'string' ? new Set([known]) : known;
    if (values.size >= MAX_VALUES || values.has(value)) return false;
    this.#values = values.add(value);
    return true;
  }

  values(): readonly string[] {
    if (this.#values === undefined) return [];
    return typeof this.#values === 'string' ? [this.#values] : [...this.#values];
  }

  /** Whether the list is full, so there may be more values than {@link values} returns. */
  get isFull(): boolean {
    return typeof this.#values === 'object' && this.#values.size >= MAX_VALUES;
  }
}
