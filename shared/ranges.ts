/**
 * A set of whole numbers kept as disjoint closed ranges in ascending order: which sequence numbers were
 * stored, applied or shed. A year of a gateway is a few ranges.
 *
 * ```
 *   add(1,3) add(7,9)      [1 3]       [7 9]
 *   add(4,6)               [1             9]
 * ```
 */
export type Range = readonly [first: number, last: number];

export class RangeSet {
  readonly #ranges: [number, number][] = [];

  static of(ranges: Iterable<Range>): RangeSet {
    const set = new RangeSet();
    for (const [first, last] of ranges) set.add(first, last);
    return set;
  }

  /** Adds the numbers `first` to `last`, both included. */
  add(first: number, last: number): void {
    assertRange(first, last);
    const from = this.#indexOfEnd(first - 1);
    let to = from;
    let low = first;
    let high = last;
    for (
      let range = this.#ranges[to];
      range !== undefined && range[0] <= last + 1;
      range = this.#ranges[++to]
    ) {
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
    }
    this.#ranges.splice(from, to - from, [low, high]);
  }

  /** Removes the numbers `first` to `last`, both included. */
  remove(first: number, last: number): void {
    assertRange(first, last);
    const from = this.#indexOfEnd(first);
    const kept: [number, number][] = [];
    let to = from;
    for (
      let range = this.#ranges[to];
      range !== undefined && range[0] <= last;
      range = this.#ranges[++to]
    ) {
      if (range[0] < first) kept.push([range[0], first - 1]);
      if (range[1] > last) kept.push([last + 1, range[1]]);
    }
    this.#ranges.splice(from, to - from, ...kept);
  }

  has(value: number): boolean {
    const range = this.#ranges[this.#indexOfEnd(value)];
    return range !== undefined && range[0] <= value;
  }

  /** Whether every number from `first` to `last` is in the set. */
  covers(first: number, last: number): boolean {
    const range = this.#ranges[this.#indexOfEnd(first)];
    return range !== undefined && range[0] <= first && range[1] >= last;
  }

  /** The parts of `first` to `last` that are not in the set, ascending. */
  gaps(first: number, last: number): Range[] {
    const gaps: Range[] = [];
    let next = first;
    for (let i = this.#indexOfEnd(first); i < this.#ranges.length; i++) {
      const range = this.#ranges[i];
      if (range === undefined || range[0] > last) break;
      if (range[0] > next) gaps.push([next, range[0] - 1]);
      next = range[1] + 1;
    }
    if (next <= last) gaps.push([next, last]);
    return gaps;
  }

  /** How many numbers the set holds. */
  get size(): number {
    return this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  }

  /** The highest number in the set, or 0 when it is empty. */
  get max(): number {
    return this.#ranges.at(-1)?.[1] ?? 0;
  }

  /** The last number of the run that begins at `from`; `from - 1` when `from` is not in the set. */
  runFrom(from: number): number {
    const range = this.#ranges[this.#indexOfEnd(from)];
    return range !== undefined && range[0] <= from ? range[1] : from - 1;
  }

  *[Symbol.iterator](): IterableIterator<Range> {
    for (const [first, last] of this.#ranges) yield [first, last];
  }

  /** The index of the first range that ends at `value` or later. */
  #indexOfEnd(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#ranges[middle];
      if (range !== undefined && range[1] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function assertRange(first: number, last: number): void {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || last < first) {
    throw new RangeError(`not a range: ${first} to ${last}`);
  }
}
