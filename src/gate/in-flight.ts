/** The smallest capacity. The capacity is a power of two. */
const MIN_CAPACITY = 1_024;

/**
 * The records between the gate and `export()`, oldest first, which is also the order of the SDK's queue. Each record has
 * a position: a number that counts up.
 *
 * A ring buffer, because a `Set` costs four times as much for each record. Every slot is cleared when its record leaves
 * it: an array or a `Map` that was dropped would keep its last records in memory until the next full garbage collection.
 */
export class InFlightQueue<T> {
  #slots: (T | undefined)[] = emptySlots(MIN_CAPACITY);
  /** The positions of the oldest and of the next record. Slots between them may be empty. */
  #head = 0;
  #tail = 0;
  #size = 0;

  /** The number of records in flight. */
  get size(): number {
    return this.#size;
  }

  /** The position that the next record gets. */
  get nextPosition(): number {
    return this.#tail;
  }

  add(item: T): void {
    if (this.#tail - this.#head === this.#slots.length) this.#grow();
    this.#slots[this.#slotOf(this.#tail++)] = item;
    this.#size++;
  }

  /** The record at a position that is in flight. */
  at(position: number): T | undefined {
    return position >= this.#head && position < this.#tail ? this.#slots[this.#slotOf(position)] : undefined;
  }

  /** The oldest record. */
  first(): T | undefined {
    return this.at(this.#head);
  }

  /** Removes the batch. Calls `taken` for each record of it that was in flight. */
  take(batch: readonly T[], taken: (item: T, position: number) => void): void {
    for (const item of batch) {
      const position = this.#find(item);
      if (position === undefined) continue;
      this.#remove(position);
      taken(item, position);
    }
  }

  /** All records in flight, oldest first. */
  items(): readonly T[] {
    const items: T[] = [];
    for (let position = this.#head; position < this.#tail; position++) {
      const item = this.at(position);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  clear(): void {
    this.#slots = emptySlots(MIN_CAPACITY);
    this.#head = this.#tail;
    this.#size = 0;
  }

  /** The SDK never exports out of order today. If it ever does, a slow search is better than a wrong count. */
  #find(item: T): number | undefined {
    for (let position = this.#head; position < this.#tail; position++) {
      if (this.at(position) === item) return position;
    }
    return undefined;
  }

  #remove(position: number): void {
    this.#slots[this.#slotOf(position)] = undefined;
    this.#size--;
    while (this.#head < this.#tail && this.at(this.#head) === undefined) this.#head++;
  }

  #slotOf(position: number): number {
    return position & (this.#slots.length - 1);
  }

  #grow(): void {
    const before = this.#slots;
    const after = emptySlots<T>(2 * before.length);
    for (let position = this.#head; position < this.#tail; position++) {
      after[position & (after.length - 1)] = this.at(position);
    }
    this.#slots = after;
    before.fill(undefined);
  }
}

function emptySlots<T>(count: number): (T | undefined)[] {
  return new Array<T | undefined>(count).fill(undefined);
}
