/** What a device that lost its connection may send again: the messages in flight of every device, and then some. */
export const RECENT_KEYS_MAX = 65_536;

/** The keys that were added last; older ones are forgotten. */
export class RecentKeys {
  readonly #ring = new Float64Array(RECENT_KEYS_MAX);
  readonly #keys = new Set<number>();
  #next = 0;

  has(key: number): boolean {
    return this.#keys.has(key);
  }

  addAll(keys: Iterable<number>): void {
    for (const key of keys) this.#add(key);
  }

  #add(key: number): void {
    // A key that comes twice is kept from its first coming: the ring holds each once.
    if (this.#keys.has(key)) return;
    const at = this.#next++ % RECENT_KEYS_MAX;
    if (this.#next > RECENT_KEYS_MAX) this.#keys.delete(this.#ring[at] ?? 0);
    this.#ring[at] = key;
    this.#keys.add(key);
  }
}
