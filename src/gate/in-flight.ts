/** The smallest capacity. The capacity is a power of two. */
const MIN_CAPACITY = 1_024;

/**
 * The records between the gate and `export()`, oldest first, which is also the order of the SDK's queue. Each record has
 * a position, which is a number that counts up, the number of equal records that are counted with it, and a size in bytes.
 *
 * A ring buffer, because a `Set` costs four times as much for each record. Every slot is cleared when its record leaves
 * it: an array or a `Map` that was dropped would keep its last records in memory until the next full garbage collection.
 */
export class InFlightQueue<T> {
  #slots: (T | undefined)[] = emptySlots(MIN_CAPACITY);
  /** The number of records that are counted with the record of each slot. */
  #equals = new Int32Array(MIN_CAPACITY);
  /** The size of the record of each slot. */
  #sizes = new Int32Array(MIN_CAPACITY);
  /** The positions of the oldest and of the next record. Slots between them may be empty. */
  #head = 0;
  #tail = 0;
  #size = 0;
  #coalesced = 0;
  #bytes = 0;

  /** The number of records in flight. */
  get size(): number {
    return this.#size;
  }

  /** The number of records that are counted with a record in flight. */
  get coalesced(): number {
    return this.#coalesced;
  }

  /** The sizes of the records in flight together, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The position that the next record gets. */
  get nextPosition(): number {
    return this.#tail;
  }

  /** @param bytes - the size that counts for {@link bytes}. Default: 0 */
  add(item: T, bytes = 0): void {
    if (this.#tail - this.#head === this.#slots.length) this.#grow();
    const slot = this.#slotOf(this.#tail++);
    this.#slots[slot] = item;
    this.#equals[slot] = 0;
    this.#sizes[slot] = bytes;
    this.#bytes += bytes;
    this.#size++;
  }

  /** Counts one more record that equals the record in flight at this position. */
  addEqual(position: number): void {
    const slot = this.#slotOf(position);
    this.#equals[slot] = (this.#equals[slot] as number) + 1;
    this.#coalesced++;
  }

  /** The record at a position that is in flight. */
  at(position: number): T | undefined {
    return position >= this.#head && position < this.#tail ? this.#slots[this.#slotOf(position)] : undefined;
  }

  /** The oldest record. */
  first(): T | undefined {
    return this.at(this.#head);
  }

  /** The newest record. */
  last(): T | undefined {
    return this.at(this.#tail - 1);
  }

  /**
   * Removes the batch. Calls `taken` for each record of it that was in flight, with the number of records that it
   * represents: itself and those that are counted with it.
   */
  take(batch: readonly T[], taken: (item: T, count: number) => void): void {
    for (const item of batch) {
      const position = this.#find(item);
      if (position !== undefined) taken(item, 1 + this.#remove(position));
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
    this.#equals = new Int32Array(MIN_CAPACITY);
    this.#sizes = new Int32Array(MIN_CAPACITY);
    this.#head = this.#tail;
    this.#size = 0;
    this.#coalesced = 0;
    this.#bytes = 0;
  }

  /** The SDK never exports out of order today. If it ever does, a slow search is better than a wrong count. */
  #find(item: T): number | undefined {
    for (let position = this.#head; position < this.#tail; position++) {
      if (this.at(position) === item) return position;
    }
    return undefined;
  }

  /** Returns how many records were counted with the removed one. */
  #remove(position: number): number {
    const slot = this.#slotOf(position);
    const equals = this.#equals[slot] as number;
    this.#slots[slot] = undefined;
    this.#size--;
    this.#coalesced -= equals;
    this.#bytes -= this.#sizes[slot] as number;
    while (this.#head < this.#tail && this.at(this.#head) === undefined) this.#head++;
    return equals;
  }

  #slotOf(position: number): number {
    return position & (this.#slots.length - 1);
  }

  #grow(): void {
    const slots = this.#slots;
    const equals = this.#equals;
    const sizes = this.#sizes;
    this.#slots = emptySlots(2 * slots.length);
    this.#equals = new Int32Array(2 * slots.length);
    this.#sizes = new Int32Array(2 * slots.length);
    for (let position = this.#head; position < this.#tail; position++) {
      const before = position & (slots.length - 1);
      this.#slots[this.#slotOf(position)] = slots[before];
      this.#equals[this.#slotOf(position)] = equals[before] as number;
      this.#sizes[this.#slotOf(position)] = sizes[before] as number;
    }
    slots.fill(undefined);
  }
}

function emptySlots<T>(count: number): (T | undefined)[] {
  return new Array<T | undefined>(count).fill(undefined);
}
