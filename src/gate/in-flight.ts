/**
 * Records between the gate and `export()`, in the order in which they were let in, which is the order in which the SDK's
 * queue hands them over. A list with a moving head, because it is touched for every record: a set costs four times as
 * much.
 */
export class InFlightQueue<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  /** How many are in transit. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  add(item: T): void {
    this.#items.push(item);
  }

  /** The one that came first. */
  first(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes out those of the batch that are in transit, and gives them. */
  take(batch: readonly T[]): readonly T[] {
    const taken = batch.filter((item) => this.#takeOne(item));
    this.#closeUp();
    return taken;
  }

  /** All that are in transit, first come first. */
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
    // Out of order: nothing that we know of does that, and a wrong count would be worse than a slow search.
    const at = this.#items.indexOf(item, this.#head);
    if (at >= 0) this.#items.splice(at, 1);
    return at >= 0;
  }

  /** Not each time: a batch comes in small parts, and to move a long queue for each of them would take longer than all else. */
  #closeUp(): void {
    if (2 * this.#head < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
