/** Things by device and name, of which so many are remembered: what was of use the longest ago goes first (G7). */

type Entry<V> = {
  readonly device: string;
  readonly name: string;
  value: V;
  older: Entry<V> | undefined;
  newer: Entry<V> | undefined;
};

/** How many things a rule remembers. */
export const THINGS_MAX = 100_000;

/** So many devices keep their table though nothing is in it: it will be wanted again soon. */
const EMPTY_TABLES_MAX = 1024;

/**
 * A map in the order of use. Two names instead of a joined one, which would be a new text for each event; a list beside the
 * tables, so that a use moves nothing in them.
 */
export class RecentMap<V> {
  readonly #devices = new Map<string, Map<string, Entry<V>>>();
  readonly #max: number;
  #size = 0;
  #oldest: Entry<V> | undefined;
  #newest: Entry<V> | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  get(device: string, name: string): V | undefined {
    return this.#devices.get(device)?.get(name)?.value;
  }

  /** The thing, which is then the newest. */
  use(device: string, name: string): V | undefined {
    const entry = this.#devices.get(device)?.get(name);
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry.value;
  }

  /** Puts a thing in as the newest; returns what had to go for it. */
  set(device: string, name: string, value: V): V | undefined {
    if (this.use(device, name) !== undefined && this.#newest !== undefined) {
      this.#newest.value = value;
      return undefined;
    }
    const gone = this.#size >= this.#max ? this.takeOldest() : undefined;
    let table = this.#devices.get(device);
    if (table === undefined) {
      table = new Map();
      this.#devices.set(device, table);
    }
    const entry: Entry<V> = { device, name, value, older: undefined, newer: undefined };
    table.set(name, entry);
    this.#append(entry);
    this.#size++;
    return gone;
  }

  delete(device: string, name: string): V | undefined {
    const table = this.#devices.get(device);
    const entry = table?.get(name);
    if (table === undefined || entry === undefined) return undefined;
    table.delete(name);
    if (table.size === 0 && this.#devices.size > EMPTY_TABLES_MAX) this.#devices.delete(device);
    this.#unlink(entry);
    this.#size--;
    return entry.value;
  }

  /** The thing that was of use the longest ago. */
  oldest(): V | undefined {
    return this.#oldest?.value;
  }

  takeOldest(): V | undefined {
    return this.#oldest === undefined
      ? undefined
      : this.delete(this.#oldest.device, this.#oldest.name);
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
