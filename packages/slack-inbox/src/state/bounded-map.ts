/** A map in insertion order that evicts its oldest entries beyond a number of items or bytes. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, { value: V; bytes: number }>();
  readonly #maxItems: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxItems, maxBytes }: { maxItems: number; maxBytes: number }) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Adds or replaces a value; a replaced value keeps its position. Returns the evicted values. */
  set(key: K, value: V, bytes: number): V[] {
    this.#bytes += bytes - (this.#entries.get(key)?.bytes ?? 0);
    this.#entries.set(key, { value, bytes });
    const evicted: V[] = [];
    for (const [oldest, entry] of this.#entries) {
      const fits = this.#entries.size <= this.#maxItems && this.#bytes <= this.#maxBytes;
      if (fits || this.#entries.size === 1) break;
      this.delete(oldest);
      evicted.push(entry.value);
    }
    return evicted;
  }

  delete(key: K): boolean {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  get size(): number {
    return this.#entries.size;
  }

  values(): V[] {
    return [...this.#entries.values()].map((entry) => entry.value);
  }
}
