/** Things by name, of which so many are remembered: what was of use the longest ago goes first (G7). */

type Entry<V> = {
  readonly key: string;
  value: V;
  older: Entry<V> | undefined;
  newer: Entry<V> | undefined;
};

/** How many things a rule remembers. */
export const THINGS_MAX = 100_000;

/** A map in the order of use. A list beside the table, so that a use moves nothing in the table. */
export class RecentMap<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #max: number;
  #oldest: Entry<V> | undefined;
  #newest: Entry<V> | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether one more would cost the oldest. */
  get isFull(): boolean {
    return this.#entries.size >= this.#max;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Puts a thing in as the newest; returns what had to go for it. */
  set(key: string, value: V): V | undefined {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.value = value;
      this.#unlink(known);
      this.#append(known);
      return undefined;
    }
    const gone = this.isFull ? this.takeOldest() : undefined;
    const entry: Entry<V> = { key, value, older: undefined, newer: undefined };
    this.#entries.set(key, entry);
    this.#append(entry);
    return gone;
  }

  /** The thing, which is then the newest. */
  use(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry.value;
  }

  delete(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#unlink(entry);
    return entry.value;
  }

  /** The thing that was of use the longest ago. */
  oldest(): V | undefined {
    return this.#oldest?.value;
  }

  takeOldest(): V | undefined {
    return this.#oldest === undefined ? undefined : this.delete(this.#oldest.key);
  }

  #append(entry: Entry<V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<V>): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
  }
}
