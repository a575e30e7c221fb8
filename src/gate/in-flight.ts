/**
 * The records between the gate and `export()`, oldest first, which is also the order of the SDK's queue. It is an array
 * with a moving head, because it changes with every record: a `Set` costs four times as much.
 */
export class InFlightQueue<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  /** The number of records in flight. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** The oldest record. */
  first(): T | undefined {
    return this.#items[this.#head];
  }

  /** The newest record. */
  last(): T | undefined {
    return this.#items[this.#items.length - 1];
  }

  /** Removes the batch. Returns the records of it that were in flight. */
  take(batch: readonly T[]): readonly T[] {
    const taken = batch.filter((item) => this.#takeOne(item));
    this.#compact();
    return taken;
  }

  /** All records in flight, oldest first. */
  items(): readonly T[] {
    return this.#items.slice(this.#head) as T[];
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  #takeOne(item: T): boolean {
    if (this.size > 0 && this.#items[this.#head] === item) {
      this.#items[this.#head++] = undefined;
      return true;
    }
    // The SDK never exports out of order today. If it ever does, a slow search is better than a wrong count.
    const at = this.#items.indexOf(item, this.#head);
    if (at >= 0) this.#items.splice(at, 1);
    return at >= 0;
  }

  /** Frees the removed slots once they are half of the array. A batch arrives in small parts, and moving a long array for each is slow. */
  #compact(): void {
    if (2 * this.#head < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
